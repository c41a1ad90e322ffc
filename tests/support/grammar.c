/* See grammar.h. */
#include "tests/support/grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"

size_t grammar_sequence(const char *bytes, size_t len)
{
	static const char idle[] = "\x1b]777;idle\x1b\\";

	if (len >= sizeof idle - 1 && memcmp(bytes, idle, sizeof idle - 1) == 0)
		return sizeof idle - 1;
	if (len >= 3 && bytes[1] == '(' && bytes[2] == 'B')
		return 3;
	if (len >= 2 && bytes[1] == 'M') /* scrolls down by one, within a region */
		return 2;
	if (len < 3 || bytes[1] != '[')
		return 0;
	size_t i = 2 + (bytes[2] == '?');
	while (i < len && ((bytes[i] >= '0' && bytes[i] <= '9') || bytes[i] == ';'))
		i++;
	if (i >= len)
		return 0;
	if (bytes[2] == '?') { /* the cursor's visibility; wrapping, off for the last cell */
		bool known = memcmp(bytes + 3, "25", 2) == 0 || memcmp(bytes + 3, "12", 2) == 0 || (bytes[3] == '7' && i == 4);
		return (bytes[i] == 'h' || bytes[i] == 'l') && known ? i + 1 : 0;
	}
	if (bytes[i] == 'J') /* to the end of the screen, no more */
		return i == 2 ? 3 : 0;
	return strchr("ABCDGHKLMPSTXbdmr@", bytes[i]) != NULL ? i + 1 : 0;
}

static void check(const char *bytes, size_t len, const char *controls, const char *where)
{
	for (size_t i = 0; i < len;) {
		int32_t cp;
		size_t n = text_decode(bytes + i, len - i, &cp);
		if (cp == 0x1b)
			n = strchr(controls, 0x1b) != NULL ? grammar_sequence(bytes + i, len - i) : 0;
		else if (cp <= 0 || (text_codepoint_cells(cp) < 0 && (cp > 0x7f || strchr(controls, cp) == NULL)))
			n = 0;
		if (n == 0) {
			struct strbuf shown = { 0 };
			text_sanitize(bytes + i, len - i < 40 ? len - i : 40, &shown);
			fail_msg("%s: byte %zu of %zu begins '%s'", where, i, len, strbuf_text(&shown));
		}
		i += n;
	}
}

void grammar_check(const char *bytes, size_t len, const char *where)
{
	check(bytes, len, "\x1b\r\n\b", where);
}

void grammar_check_text(const char *bytes, size_t len, const char *where)
{
	check(bytes, len, "\n", where);
}
