/* What terminfo knows of a type of terminal, asked before curses takes it. */
#ifndef TUI_TERM_TERMINFO_H
#define TUI_TERM_TERMINFO_H

enum terminfo { TERMINFO_UNKNOWN, TERMINFO_NO_CURSOR, TERMINFO_USABLE };
enum terminfo terminfo_ask(const char *type);

#endif
