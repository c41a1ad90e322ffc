/* Draws pages of hostile strings, the next one at each "n"; q quits. With an argument the strings are wild. */
#include <poll.h>
#include <stddef.h>

#include "tests/tui/term/strings.h"
#include "tui/term/term.h"

int main(int argc, char **argv)
{
	struct term_options options = { 0 };
	struct term *term;
	struct surface page;
	unsigned long n = 0;
	bool quit = false;

	(void)argv;
	if (term_open(&term, &options, NULL) != 0)
		return 2;
	surface_init(&page, 24, 80);
	while (!quit && !term_lost(term)) {
		struct key key;
		bool sync = false;
		if (term_events(term) & TERM_QUIT)
			break;
		while (!sync && term_key(term, &key)) {
			n += key.code == 'n';
			quit = quit || key.code == 'q';
			sync = key.code == HK_SYNC;
		}
		hostile_page(n, argc > 1, &page);
		term_flush(term, &page);
		if (sync)
			term_answer_sync(term);
		else if (!quit)
			ppoll(&(struct pollfd){ .fd = term_fd(term), .events = POLLIN }, 1, NULL, term_wait_mask(term));
	}
	surface_release(&page);
	term_close(term);
	return 0;
}
