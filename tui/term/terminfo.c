/* See terminfo.h. Apart from the rest, for <term.h> makes macros of words that others use. */
#include "tui/term/terminfo.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

enum terminfo terminfo_ask(const char *type)
{
	int found;

	if (setupterm(type, STDOUT_FILENO, &found) != OK)
		return TERMINFO_UNKNOWN;
	enum terminfo answer = cursor_address != NULL ? TERMINFO_USABLE : TERMINFO_NO_CURSOR;
	del_curterm(cur_term);
	return answer;
}
