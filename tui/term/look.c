/* From a role to colours and attributes, by what the terminal can show. Every state has a mark and a word besides. */
#include "data/contract/theme.h"
#include "tui/term/internal.h"

/* Without a theme: enough to find one's way. */
static unsigned plain_attributes(enum role role)
{
	switch (role) {
	case ROLE_select:
	case ROLE_bar:
	case ROLE_own: return THEME_REVERSE;
	case ROLE_match:
	case ROLE_input: return THEME_UNDERLINE;
	case ROLE_dim: return THEME_DIM;
	case ROLE_text:
	case ROLE_frame:
	case ROLE_ok: return 0;
	default: return THEME_BOLD;
	}
}

/* The xterm palette above its first 16 entries: a cube of 6 x 6 x 6, then 24 greys. */
static int palette_rgb(int index)
{
	static const unsigned char base[16][3] = {
		{ 0, 0, 0 },       { 205, 0, 0 },   { 0, 205, 0 },   { 205, 205, 0 }, { 0, 0, 238 },   { 205, 0, 205 },
		{ 0, 205, 205 },   { 229, 229, 229 }, { 127, 127, 127 }, { 255, 0, 0 }, { 0, 255, 0 }, { 255, 255, 0 },
		{ 92, 92, 255 },   { 255, 0, 255 }, { 0, 255, 255 }, { 255, 255, 255 },
	};
	static const int step[] = { 0, 95, 135, 175, 215, 255 };

	if (index < 16)
		return base[index][0] << 16 | base[index][1] << 8 | base[index][2];
	if (index < 232) {
		index -= 16;
		return step[index / 36] << 16 | step[index / 6 % 6] << 8 | step[index % 6];
	}
	int grey = 8 + 10 * (index - 232);
	return grey << 16 | grey << 8 | grey;
}

static int full_color(int color, bool direct)
{
	if (color < 0 || color > 255)
		return -1;
	/* direct-colour terminals keep the first eight numbers for the palette */
	return direct && color >= 8 ? palette_rgb(color) : color;
}

void look_of(const struct theme *theme, enum role role, int colors, bool direct, struct look *out)
{
	*out = (struct look){ .fg = -1, .bg = -1 };
	if (theme == NULL || (size_t)role >= theme->role_count) {
		out->attributes = plain_attributes(role);
		return;
	}
	const struct theme_role *r = &theme->roles[role];
	if (colors < 8) {
		out->attributes = r->plain.attributes;
		return;
	}
	if (colors >= 256) {
		*out = (struct look){ full_color(r->full.fg, direct), full_color(r->full.bg, direct), r->full.attributes };
		return;
	}
	*out = (struct look){ r->basic.fg, r->basic.bg, r->basic.attributes };
	if (colors < 16) { /* eight colours: bold stands for bright */
		if (out->fg >= 8)
			out->attributes |= THEME_BOLD;
		out->fg = out->fg >= 8 ? out->fg - 8 : out->fg;
		out->bg = out->bg >= 8 ? out->bg - 8 : out->bg;
	}
}
