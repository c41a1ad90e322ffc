/* See strings.h. */
#include "tests/tui/term/strings.h"

#include <stdint.h>
#include <string.h>

#include "core/base/text.h"

static const char *const pieces[] = {
	"\x1b[2J", "\x1b]0;own\x07", "\x1b]52;c;cm0=\x07", "\x1b[6n", "\x1b[c", "\x1bP+q\x1b\\", "\x1b" "c", "\x1b[?1049l", "\x1b(0lqqk",
	"\xc2\x9b" "2J", "\x9b" "2J", "\xe3", "\xe3\x81", "\xf0\x9f\x91", "\xc2", "\xc1\x9b", "\xed\xa0\x80", "\xff", "\x80", "\x1b",
	"\r", "\n", "\t", "\b\b\b", "\a", "\x7f", "\x0e", "\v\f", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\ufff9",
	"障害", "か\u3099", "ハ\u309a", "ｶﾞｷﾞ", "葛\U000e0100", "髙﨑", "\ufa19", "𠮷野", "①②㈱", "é", "e\u0301\u0302\u0303\u0304\u0305\u0306",
	"👩\u200d💻", "対応済", "Ａ１", "abc", " ", "~~", "○●", "─│┌", "…", "\ue000", "\uffff", "\u0378",
};

static uint32_t mix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32);
}

/* Tame ones start or end no character: one that the emulator measures by an older Unicode might come of it. */
static char random_byte(uint32_t pick, bool wild)
{
	if (wild)
		return (char)(pick % 255 + 1);
	return (char)(pick % 2 ? pick / 2 % 127 + 1 : 0xf5 + pick / 2 % 11);
}

void hostile_string(unsigned long number, bool wild, struct strbuf *out)
{
	uint64_t state = number * 2 + wild;
	unsigned count = mix(&state) % 9 + 1;

	for (unsigned i = 0; i < count; i++) {
		uint32_t pick = mix(&state);
		char utf8[4];
		if (pick % 4 == 0)
			strbuf_add_char(out, random_byte(mix(&state), wild));
		else if (wild && pick % 4 == 1)
			strbuf_add(out, utf8, text_encode((int32_t)(mix(&state) % 0x11ffff) + 1, utf8));
		else
			strbuf_add_text(out, pieces[mix(&state) % (sizeof pieces / sizeof pieces[0])]);
	}
	if (number % 3 == 0) /* cut by bytes, as careless programs do: truncated tails in series */
		strbuf_cut(out, out->len > 1 ? out->len - 1 : 1);
}

void hostile_page(unsigned long page, bool wild, struct surface *out)
{
	struct strbuf text = { 0 };

	surface_clear(out);
	for (int i = 0; i < PAGE_STRINGS; i++) {
		int row = i / 3, col = i % 3 * 26;
		strbuf_clear(&text);
		hostile_string(page * PAGE_STRINGS + (unsigned)i, wild, &text);
		surface_text(out, row, col, 1, ROLE_frame, "|");
		surface_text(out, row, col + 1, 24, ROLE_text, strbuf_text(&text));
		surface_text(out, row, col + 25, 1, ROLE_frame, "|");
	}
	strbuf_release(&text);
}
