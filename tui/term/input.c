/* Bytes to keys, incrementally: a sequence may come in any number of pieces. A state machine; what it does not know is
 * swallowed whole, so that no terminal's answer and no strange key is ever taken for a command. Malformed UTF-8 becomes
 * U+FFFD, and the byte that breaks a sequence is looked at again. */
#include <string.h>

#include "core/base/text.h"
#include "tui/term/internal.h"

#define PASTE_LIMIT (1u << 20)
#define STRING_LIMIT 4096 /* of an answer that nobody asked for; a longer one is taken for typing again */

void input_release(struct input *in)
{
	strbuf_release(&in->paste);
	strbuf_release(&in->raw_paste);
	*in = (struct input){ 0 };
}

static void push(struct input *in, struct key key)
{
	size_t max = sizeof in->queue / sizeof in->queue[0];

	if (in->queue_len < max)
		in->queue[(in->queue_at + in->queue_len++) % max] = key;
}

static void push_code(struct input *in, int code)
{
	push(in, (struct key){ .code = in->alt ? code | HK_ALT : code });
	in->alt = false;
}

bool input_take(struct input *in, struct key *out)
{
	if (in->queue_len == 0)
		return false;
	*out = in->queue[in->queue_at];
	in->queue_at = (in->queue_at + 1) % (sizeof in->queue / sizeof in->queue[0]);
	in->queue_len--;
	return true;
}

/* ---- characters ---- */

static void flush_utf8(struct input *in)
{
	if (in->utf8_len > 0) {
		in->utf8_len = 0;
		push_code(in, 0xfffd);
	}
}

static size_t utf8_need(unsigned char first)
{
	return first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
}

static void feed_control(struct input *in, int byte)
{
	static const char above[] = "\\]^_";

	switch (byte) {
	case 0: push_code(in, HK_CTRL | ' '); break;
	case '\t': push_code(in, HK_TAB); break;
	case '\r':
	case '\n': push_code(in, HK_ENTER); break;
	case '\b':
	case 0x7f: push_code(in, HK_BACKSPACE); break;
	default: push_code(in, HK_CTRL | (byte < 0x1c ? byte + 'a' - 1 : above[byte - 0x1c])); break;
	}
}

static void feed_high(struct input *in, int byte)
{
	int32_t cp;

	if (in->utf8_len > 0 && (byte & 0xc0) != 0x80)
		flush_utf8(in);
	in->utf8[in->utf8_len++] = (unsigned char)byte;
	size_t need = in->utf8[0] > 0xf4 ? 1 : utf8_need(in->utf8[0]);
	if (in->utf8_len < need)
		return;
	text_decode((const char *)in->utf8, in->utf8_len, &cp);
	in->utf8_len = 0;
	push_code(in, cp >= 0xa0 ? cp : 0xfffd);
}

static void feed_ground(struct input *in, int byte)
{
	if (byte >= 0x80) {
		feed_high(in, byte);
		return;
	}
	flush_utf8(in);
	if (byte == 0x1b)
		in->state = INPUT_ESCAPE;
	else if (byte < 0x20 || byte == 0x7f)
		feed_control(in, byte);
	else
		push_code(in, byte);
}

/* ---- sequences ---- */

static void begin_sequence(struct input *in, enum input_state state)
{
	in->state = state;
	in->sequence_len = 0;
	in->swallowed = 0;
}

static void feed_escape(struct input *in, int byte)
{
	in->state = INPUT_GROUND;
	switch (byte) {
	case '[': begin_sequence(in, INPUT_CSI); break;
	case 'O': begin_sequence(in, INPUT_SS3); break;
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		begin_sequence(in, INPUT_STRING);
		in->sequence[0] = (char)byte;
		break;
	case 0x1b:
		push_code(in, HK_ESCAPE);
		in->state = INPUT_ESCAPE;
		break;
	default:
		in->alt = true;
		feed_ground(in, byte);
		break;
	}
}

static int letter_key(int final)
{
	switch (final) {
	case 'A': return HK_UP;
	case 'B': return HK_DOWN;
	case 'C': return HK_RIGHT;
	case 'D': return HK_LEFT;
	case 'F': return HK_END;
	case 'H': return HK_HOME;
	case 'M': return HK_ENTER;
	case 'P': return HK_F1;
	case 'Q': return HK_F2;
	case 'R': return HK_F3;
	case 'S': return HK_F4;
	case 'Z': return HK_BACKTAB;
	default: return 0;
	}
}

static int tilde_key(int parameter)
{
	static const int keys[] = {
		[1] = HK_HOME, [2] = HK_INSERT, [3] = HK_DELETE, [4] = HK_END, [5] = HK_PAGE_UP, [6] = HK_PAGE_DOWN,
		[7] = HK_HOME, [8] = HK_END, [11] = HK_F1, [12] = HK_F2, [13] = HK_F3, [14] = HK_F4, [15] = HK_F5,
		[17] = HK_F6, [18] = HK_F7, [19] = HK_F8, [20] = HK_F9, [21] = HK_F10, [23] = HK_F11, [24] = HK_F12,
	};

	return parameter >= 0 && (size_t)parameter < sizeof keys / sizeof keys[0] ? keys[parameter] : 0;
}

static int modifier_bits(int parameter)
{
	int bits = parameter > 1 && parameter <= 16 ? parameter - 1 : 0;

	return (bits & 1 ? HK_SHIFT : 0) | (bits & (2 | 8) ? HK_ALT : 0) | (bits & 4 ? HK_CTRL : 0);
}

/* Up to max numbers separated by ';'; false when anything else stands there. */
static bool parameters(const struct input *in, int *out, size_t max)
{
	size_t n = 0;

	memset(out, 0, max * sizeof *out);
	for (size_t i = 0; i < in->sequence_len; i++) {
		char c = in->sequence[i];
		if (c == ';') {
			if (++n >= max)
				return false;
		} else if (c < '0' || c > '9' || out[n] > 99999) {
			return false;
		} else {
			out[n] = out[n] * 10 + (c - '0');
		}
	}
	return true;
}

static void end_csi(struct input *in, int final)
{
	int p[2];

	in->state = INPUT_GROUND;
	if (in->sequence_len == 0 && (final == 'I' || final == 'O')) {
		push_code(in, final == 'I' ? HK_FOCUS_IN : HK_FOCUS_OUT);
		return;
	}
	if (in->sequence_len == 0 && final == 'M') {
		begin_sequence(in, INPUT_X10);
		return;
	}
	if (!parameters(in, p, 2))
		return;
	if (final == '~' && p[0] == 200) {
		begin_sequence(in, INPUT_PASTE);
		return;
	}
	/* a position report that came too late has a row in front */
	bool plain = final == '~' || in->sequence_len == 0 || p[0] == 1;
	int code = final == '~' ? tilde_key(p[0]) : letter_key(final);
	if (code == 0 || !plain || (final == 'R' && in->sequence_len > 0))
		return;
	push_code(in, code == HK_BACKTAB ? code : code | modifier_bits(p[1]));
}

static void feed_csi(struct input *in, int byte)
{
	if (byte == '<' && in->sequence_len == 0) {
		begin_sequence(in, INPUT_MOUSE);
	} else if (byte >= 0x40 && byte <= 0x7e) {
		end_csi(in, byte);
	} else if (byte < 0x20 || byte > 0x3f) {
		in->state = INPUT_GROUND;
		feed_ground(in, byte);
	} else if (in->sequence_len < sizeof in->sequence) {
		in->sequence[in->sequence_len++] = (char)byte;
	}
}

static void feed_ss3(struct input *in, int byte)
{
	int code = letter_key(byte);

	in->state = INPUT_GROUND;
	if (code != 0)
		push_code(in, code);
	else if (byte < 0x20 || byte >= 0x7f)
		feed_ground(in, byte);
}

/* SGR report: button ; column ; row, then M (pressed) or m (released); columns and rows from 1. */
static void feed_mouse(struct input *in, int byte)
{
	int p[3];

	if ((byte >= '0' && byte <= '9') || byte == ';') {
		if (in->sequence_len < sizeof in->sequence)
			in->sequence[in->sequence_len++] = (char)byte;
		return;
	}
	in->state = INPUT_GROUND;
	in->alt = false;
	if (byte < 0x20 || byte >= 0x7f)
		feed_ground(in, byte);
	else if ((byte == 'M' || byte == 'm') && parameters(in, p, 3) && p[1] > 0 && p[2] > 0)
		push(in, (struct key){ .code = HK_MOUSE | (p[0] & 4 ? HK_SHIFT : 0) | (p[0] & 8 ? HK_ALT : 0) |
					       (p[0] & 16 ? HK_CTRL : 0),
				       .button = p[0] & ~(4 | 8 | 16), .col = p[1] - 1, .row = p[2] - 1,
				       .pressed = byte == 'M' });
}

static void feed_string(struct input *in, int byte)
{
	if (in->state == INPUT_STRING_ESCAPE && byte != '\\') {
		in->state = INPUT_ESCAPE;
		feed_escape(in, byte);
	} else if (byte == '\a' || in->state == INPUT_STRING_ESCAPE || ++in->swallowed > STRING_LIMIT) {
		in->state = INPUT_GROUND;
	} else if (byte == 0x1b) {
		in->state = INPUT_STRING_ESCAPE;
	}
}

/* ---- paste ---- */

static void end_paste(struct input *in)
{
	struct strbuf lines = { 0 };
	const struct strbuf *raw = &in->raw_paste;

	in->state = INPUT_GROUND;
	in->alt = false;
	for (size_t i = 0; i < raw->len; i++) {
		char c = raw->buf[i];
		if (c == '\r') {
			if (i + 1 >= raw->len || raw->buf[i + 1] != '\n')
				strbuf_add_char(&lines, '\n');
		} else if (c == '\n' || c == '\t' || ((unsigned char)c >= 0x20 && c != 0x7f)) {
			strbuf_add_char(&lines, c);
		}
	}
	strbuf_clear(&in->paste);
	text_normalize(strbuf_text(&lines), lines.len, &in->paste);
	strbuf_release(&lines);
	strbuf_clear(&in->raw_paste);
	push(in, (struct key){ .code = HK_PASTE, .paste = strbuf_text(&in->paste) });
}

static void feed_paste(struct input *in, int byte)
{
	static const char end[] = "\x1b[201~";
	struct strbuf *raw = &in->raw_paste;

	strbuf_add_char(raw, (char)byte);
	if (byte == '~' && raw->len >= sizeof end - 1 && memcmp(raw->buf + raw->len - (sizeof end - 1), end, sizeof end - 1) == 0) {
		strbuf_cut(raw, raw->len - (sizeof end - 1));
		end_paste(in);
	} else if (raw->len > PASTE_LIMIT + 16) {
		/* keep the last bytes, in which the end may have begun */
		memmove(raw->buf + PASTE_LIMIT, raw->buf + raw->len - 8, 8);
		strbuf_cut(raw, PASTE_LIMIT + 8);
	}
}

/* ---- all together ---- */

static void feed_byte(struct input *in, int byte)
{
	switch (in->state) {
	case INPUT_GROUND: feed_ground(in, byte); break;
	case INPUT_ESCAPE: feed_escape(in, byte); break;
	case INPUT_CSI: feed_csi(in, byte); break;
	case INPUT_SS3: feed_ss3(in, byte); break;
	case INPUT_MOUSE: feed_mouse(in, byte); break;
	case INPUT_PASTE: feed_paste(in, byte); break;
	case INPUT_STRING:
	case INPUT_STRING_ESCAPE: feed_string(in, byte); break;
	case INPUT_X10:
		if (++in->swallowed >= 3)
			in->state = INPUT_GROUND;
		break;
	}
}

static void feed_code(struct input *in, int code)
{
	switch (code) {
	case INPUT_CODE_MOUSE: begin_sequence(in, INPUT_MOUSE); break;
	case INPUT_CODE_X10: begin_sequence(in, INPUT_X10); break;
	case INPUT_CODE_PASTE: begin_sequence(in, INPUT_PASTE); break;
	case INPUT_CODE_NONE: break;
	default: push_code(in, code); break;
	}
}

void input_feed(struct input *in, int code)
{
	if (code < 0x100) {
		feed_byte(in, code);
		return;
	}
	if (in->state == INPUT_PASTE) {
		if (code == INPUT_CODE_PASTE_END)
			end_paste(in);
		return;
	}
	input_idle(in);
	in->state = INPUT_GROUND;
	flush_utf8(in);
	if (code != INPUT_CODE_PASTE_END)
		feed_code(in, code);
}

void input_idle(struct input *in)
{
	switch (in->state) {
	case INPUT_ESCAPE:
		in->state = INPUT_GROUND;
		push_code(in, HK_ESCAPE);
		break;
	case INPUT_CSI:
	case INPUT_SS3:
	case INPUT_STRING:
		/* curses has waited for the rest: it was Alt and that character */
		if (in->sequence_len > 0 || in->swallowed > 0)
			break;
		in->alt = true;
		push_code(in, in->state == INPUT_CSI ? '[' : in->state == INPUT_SS3 ? 'O' : in->sequence[0]);
		in->state = INPUT_GROUND;
		break;
	default:
		break;
	}
}
