/* Asks the terminal, before curses starts, how wide it draws an ambiguous character, what its background is, and whether
 * it answers at all: one round trip, DA1 last, for it is the question that every terminal answers.
 *
 * Later the answer to the cursor's position could not be told from a function key (row 1 reads as Shift-F3). */
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"
#include "tui/term/internal.h"

#define PROBE_WAIT_MS 200
#define PROBE_BYTES 4096
#define ESC "\x1b"
#define ASK_WIDTH "\r\u25cb" ESC "[6n"
#define ASK_REST ESC "]11;?" ESC "\\" ESC "[c"
#define ERASE "\r" ESC "[K"

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Length of the control sequence at bytes; 0 when it is none, or not complete. */
static size_t sequence_len(const char *bytes, size_t len)
{
	if (len < 3 || bytes[0] != '\x1b')
		return 0;
	if (bytes[1] == '[') {
		for (size_t i = 2; i < len; i++)
			if (bytes[i] >= 0x40 && bytes[i] <= 0x7e)
				return i + 1;
			else if (bytes[i] < 0x20 || bytes[i] > 0x3f)
				return 0;
		return 0;
	}
	if (bytes[1] != ']')
		return 0;
	for (size_t i = 2; i < len; i++) {
		if (bytes[i] == '\a')
			return i + 1;
		if (bytes[i] == '\\' && bytes[i - 1] == '\x1b')
			return i + 1;
	}
	return 0;
}

static bool number(const char **at, const char *end, int base, long *out)
{
	const char *start = *at;

	for (*out = 0; *at < end && *at - start < 6; (*at)++) {
		int digit = **at >= '0' && **at <= '9' ? **at - '0' : **at >= 'a' && **at <= 'f' ? **at - 'a' + 10 :
			    **at >= 'A' && **at <= 'F' ? **at - 'A' + 10 : 99;
		if (digit >= base)
			break;
		*out = *out * base + digit;
	}
	return *at > start;
}

/* ESC [ row ; col R after one character: the column is its width and one more. */
static bool take_position(const char *s, size_t len, struct probe *out)
{
	const char *at = s + 2, *end = s + len - 1;
	long row, col;

	if (s[1] != '[' || *end != 'R' || !number(&at, end, 10, &row) || at >= end || *at++ != ';' ||
	    !number(&at, end, 10, &col) || at != end)
		return false;
	if (col == 2 || col == 3)
		out->ambiguous_cells = (int)col - 1;
	return true;
}

/* ESC ] 11 ; rgb:RRRR/GGGG/BBBB ST, with 1 to 4 hexadecimal digits a part. */
static bool take_background(const char *s, size_t len, struct probe *out)
{
	static const double weight[] = { 0.2126, 0.7152, 0.0722 };
	const char *at = s + 5, *end = s + len;
	double bright = 0;

	if (len < 6 || memcmp(s, ESC "]11;", 5) != 0)
		return false;
	if (end - at > 4 && memcmp(at, "rgba:", 5) == 0)
		at += 5;
	else if (end - at > 3 && memcmp(at, "rgb:", 4) == 0)
		at += 4;
	else
		return true;
	for (int i = 0; i < 3; i++) {
		long value;
		if (i > 0 && (at >= end || *at++ != '/'))
			return true;
		const char *start = at;
		if (!number(&at, end, 16, &value))
			return true;
		long most = (1L << 4 * (at - start)) - 1;
		bright += weight[i] * (double)value / (double)most;
	}
	out->background = bright < 0.5 ? 1 : 2;
	return true;
}

bool probe_parse(const char *bytes, size_t len, struct probe *out)
{
	bool done = false;

	strbuf_clear(&out->typed);
	for (size_t i = 0; i < len;) {
		size_t n = sequence_len(bytes + i, len - i);
		bool device = n > 3 && bytes[i + 1] == '[' && bytes[i + 2] == '?' && bytes[i + n - 1] == 'c';
		if (n == 0 || (!device && !take_position(bytes + i, n, out) && !take_background(bytes + i, n, out)))
			strbuf_add(&out->typed, bytes + i, n > 0 ? n : 1);
		done = done || device;
		i += n > 0 ? n : 1;
	}
	out->answered = done;
	return done;
}

static void read_answers(int fd, struct probe *out)
{
	char bytes[PROBE_BYTES];
	size_t len = 0;
	int64_t end = monotonic_ms() + PROBE_WAIT_MS;

	while (len < sizeof bytes) {
		int64_t left = end - monotonic_ms();
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (left <= 0 || poll(&p, 1, (int)left) <= 0 || !(p.revents & POLLIN))
			break;
		ssize_t n = read(fd, bytes + len, sizeof bytes - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		if (probe_parse(bytes, len, out))
			return;
	}
	probe_parse(bytes, len, out);
}

void probe_terminal(int fd, bool width, struct probe *out)
{
	if ((!width || term_write(fd, ASK_WIDTH, sizeof ASK_WIDTH - 1)) && term_write(fd, ASK_REST, sizeof ASK_REST - 1))
		read_answers(fd, out);
	if (width)
		term_write(fd, ERASE, sizeof ERASE - 1);
}
