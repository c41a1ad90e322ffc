/* See term.h: opening, closing, events, and giving the terminal to others. */
#include "tui/term/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/term/internal.h"
#include "tui/term/terminfo.h"

#define FALLBACK_TYPE "xterm-256color"
#define COPY_LIMIT 74994 /* bytes that become 99,992 of base64, which xterm's limit of 100,000 takes */
#define EXTRAS_ON "\x1b[?2004h\x1b[?1004h\x1b[?1000h\x1b[?1002h\x1b[?1006h"
#define EXTRAS_OFF "\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?1004l\x1b[?2004l"

extern char **environ;

struct term {
	struct screen_state *curses;
	struct input input;
	struct strbuf early; /* typed before curses ran */
	size_t early_at;
	struct termios mode; /* as found */
	const struct theme *theme;
	char type[TERM_TYPE_SIZE];
	int fd, rows, cols, quit_signal, background;
	bool no_color, ascii, utf8, probed, test, lost, extras;
};

/* ncurses measures characters with this function of the executable, the only one that is visible, so that its layout
 * and ours agree whatever libc says. */
__attribute__((visibility("default"))) int wcwidth(wchar_t c)
{
	return c == 0 ? 0 : text_codepoint_cells((int32_t)c);
}

bool term_write(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLOUT };
			poll(&p, 1, 1000);
			if (p.revents & (POLLERR | POLLHUP))
				return false;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static void put(struct term *t, const char *text)
{
	if (!term_write(t->fd, text, strlen(text)))
		t->lost = true;
}

static bool set_in_environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0';
}

/* ---- opening ---- */

/* What terminfo says is code for the terminal: with more rights than the person's own it comes from the system alone. */
static void distrust_terminfo(void)
{
	if (geteuid() != 0 && geteuid() == getuid() && getegid() == getgid() && !set_in_environment("SUDO_UID"))
		return;
	unsetenv("TERMINFO");
	unsetenv("TERMINFO_DIRS");
	unsetenv("TERMCAP");
	unsetenv("TERMPATH");
}

static bool ensure_utf8(void)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return true;
	return setlocale(LC_CTYPE, "C.UTF-8") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int no_cursor(const char *type, struct err *err)
{
	return ERR(err, HS_ERR_STATE, N_("terminal type '{1}' cannot move its cursor; use the commands of 'hoshu help'"), type);
}

static int check_terminal(struct term *t, struct err *err)
{
	const char *type = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return ERR(err, HS_ERR_STATE,
			   N_("the console needs a terminal; in a script use the commands of 'hoshu help'"));
	if (type == NULL || *type == '\0')
		return ERR(err, HS_ERR_STATE, N_("TERM is not set; set it to the terminal's type, as in TERM=xterm-256color"));
	if (strcmp(type, "dumb") == 0 || strlen(type) >= sizeof t->type || strchr(type, '/') != NULL)
		return no_cursor(type, err);
	memcpy(t->type, type, strlen(type) + 1);
	if (tcgetattr(STDIN_FILENO, &t->mode) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot read the terminal's settings: {1}"), strerror(errno));
	return 0;
}

/* What is typed from now on neither shows up between our own output nor waits for the end of a line. */
static void quiet_mode(struct term *t)
{
	struct termios quiet = t->mode;

	cfmakeraw(&quiet);
	quiet.c_oflag = t->mode.c_oflag;
	tcsetattr(t->fd, TCSANOW, &quiet);
}

static bool multiplexer(const struct term *t)
{
	return set_in_environment("TMUX") || set_in_environment("STY") || strncmp(t->type, "screen", 6) == 0 ||
	       strncmp(t->type, "tmux", 4) == 0;
}

/* Sets the width of ambiguous characters and, by it, whether frames may be drawn with box-drawing characters. */
static bool ask_terminal(struct term *t, const struct term_options *options)
{
	const char *wanted = getenv("HOSHU_PROBE");
	struct probe probe = { 0 };
	bool linux_console = strcmp(t->type, "linux") == 0;
	bool skip = linux_console || (wanted != NULL && strcmp(wanted, "0") == 0);

	if (!skip)
		probe_terminal(t->fd, options->ambiguous == AMBIGUOUS_AUTO, &probe);
	bool wide = options->ambiguous == AMBIGUOUS_WIDE || (options->ambiguous == AMBIGUOUS_AUTO && probe.ambiguous_cells == 2);
	/* a multiplexer answers for itself, not for the terminal around it */
	bool known_narrow = options->ambiguous == AMBIGUOUS_NARROW || (probe.ambiguous_cells == 1 && !multiplexer(t));
	text_set_ambiguous_wide(wide);
	t->probed = probe.ambiguous_cells != 0;
	t->background = probe.background;
	t->ascii = options->ascii || linux_console || !t->utf8 || wide || !known_narrow;
	t->early = probe.typed;
	return probe.answered;
}

static int open_curses(struct term *t, bool answered, struct err *err)
{
	enum terminfo known = terminfo_ask(t->type);

	if (known == TERMINFO_NO_CURSOR)
		return no_cursor(t->type, err);
	if (known == TERMINFO_USABLE)
		t->curses = curses_open(t->type);
	else if ((answered || strncmp(t->type, "xterm", 5) == 0) && terminfo_ask(FALLBACK_TYPE) == TERMINFO_USABLE)
		t->curses = curses_open(FALLBACK_TYPE);
	if (t->curses != NULL)
		return 0;
	return ERR(err, HS_ERR_STATE,
		   N_("terminal type '{1}' is not known here; set another one, as in TERM=xterm-256color"), t->type);
}

static void update_size(struct term *t)
{
	struct winsize size;

	if (ioctl(t->fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		t->rows = size.ws_row;
		t->cols = size.ws_col;
	}
	t->rows = t->rows > 0 ? t->rows : 24;
	t->cols = t->cols > 0 ? t->cols : 80;
	curses_resize(t->curses, t->rows, t->cols);
}

static void extras(struct term *t, bool on)
{
	if (t->extras != on)
		put(t, on ? EXTRAS_ON : EXTRAS_OFF);
	t->extras = on;
}

static void arm_crash(struct term *t)
{
	struct strbuf text = { 0 };

	strbuf_add_text(&text, EXTRAS_OFF);
	curses_reset_text(t->curses, &text);
	crash_arm(t->fd, &t->mode, strbuf_text(&text), text.len);
	strbuf_release(&text);
}

/* Where ncurses does not measure with our wcwidth after all, the layout follows ncurses. */
static void agree_on_width(struct term *t)
{
	int cells = curses_cells(t->curses, 0x25cb);

	if (cells == 1 || cells == 2)
		text_set_ambiguous_wide(cells == 2);
}

int term_open(struct term **out, const struct term_options *options, struct err *err)
{
	struct term *t = mem_alloc(1, sizeof *t);
	const char *test = getenv("HOSHU_TEST");

	*out = NULL;
	t->fd = STDIN_FILENO;
	int rc = check_terminal(t, err);
	if (rc != 0) {
		free(t);
		return rc;
	}
	distrust_terminfo();
	t->utf8 = ensure_utf8();
	t->test = test != NULL && strcmp(test, "1") == 0;
	t->theme = options->theme;
	t->no_color = options->no_color || set_in_environment("NO_COLOR");
	signals_open();
	quiet_mode(t);
	rc = open_curses(t, ask_terminal(t, options), err);
	if (rc != 0) {
		tcsetattr(t->fd, TCSADRAIN, &t->mode);
		signals_close();
		strbuf_release(&t->early);
		free(t);
		return rc;
	}
	arm_crash(t);
	agree_on_width(t);
	curses_theme(t->curses, t->theme, t->no_color);
	update_size(t);
	extras(t, true);
	*out = t;
	return 0;
}

void term_close(struct term *t)
{
	if (t == NULL)
		return;
	extras(t, false);
	curses_close(t->curses);
	tcsetattr(t->fd, TCSADRAIN, &t->mode);
	signals_close();
	input_release(&t->input);
	strbuf_release(&t->early);
	free(t);
}

/* ---- events and keys ---- */

int term_fd(const struct term *t)
{
	return t->fd;
}

void term_size(const struct term *t, int *rows, int *cols)
{
	*rows = t->rows;
	*cols = t->cols;
}

const sigset_t *term_wait_mask(const struct term *t)
{
	(void)t;
	return signals_wait_mask();
}

/* Back from a stop that came from outside: the shell has had the terminal meanwhile. */
static void enter(struct term *t)
{
	t->extras = false;
	curses_enter(t->curses);
	arm_crash(t);
	update_size(t);
	extras(t, true);
}

static void leave(struct term *t)
{
	extras(t, false);
	curses_leave(t->curses);
	tcsetattr(t->fd, TCSADRAIN, &t->mode);
	crash_arm(t->fd, &t->mode, "", 0);
}

/* SIGHUP means that the terminal went; where it is still there and ours, a person sent it and means "read again". */
static unsigned hung_up(struct term *t)
{
	if (!term_lost(t) && tcgetpgrp(t->fd) >= 0)
		return TERM_RELOAD;
	t->quit_signal = SIGHUP;
	return TERM_QUIT;
}

unsigned term_events(struct term *t)
{
	unsigned events = signals_take(&t->quit_signal);

	if (events & TERM_HANGUP)
		events = (events & ~(unsigned)TERM_HANGUP) | hung_up(t);
	if (events & TERM_CONTINUED) {
		enter(t);
		events |= TERM_RESIZED;
	} else if (events & TERM_RESIZED) {
		update_size(t);
	}
	return events;
}

int term_quit_signal(const struct term *t)
{
	return t->quit_signal;
}

static int next_code(struct term *t)
{
	if (t->early_at < t->early.len)
		return (unsigned char)t->early.buf[t->early_at++];
	return curses_read(t->curses);
}

bool term_key(struct term *t, struct key *out)
{
	while (!input_take(&t->input, out)) {
		int code = next_code(t);
		if (code >= 0) {
			input_feed(&t->input, code);
			continue;
		}
		input_idle(&t->input);
		return input_take(&t->input, out);
	}
	return true;
}

bool term_lost(const struct term *t)
{
	struct pollfd p = { .fd = t->fd };

	return t->lost || (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)));
}

/* ---- output ---- */

void term_flush(struct term *t, const struct surface *s)
{
	curses_flush(t->curses, s, t->utf8);
}

void term_redraw(struct term *t)
{
	curses_redraw(t->curses);
}

void term_set_theme(struct term *t, const struct theme *theme)
{
	t->theme = theme;
	curses_theme(t->curses, theme, t->no_color);
}

void term_bell(struct term *t)
{
	put(t, "\a");
}

static void add_base64(const unsigned char *bytes, size_t len, struct strbuf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		unsigned group = (unsigned)bytes[i] << 16 | (n > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (n > 2 ? bytes[i + 2] : 0);
		for (size_t digit = 0; digit < 4; digit++)
			strbuf_add_char(out, digit <= n ? digits[group >> (18 - 6 * digit) & 63] : '=');
	}
}

void term_copy(struct term *t, const char *text)
{
	struct strbuf sequence = { 0 };
	size_t len = strlen(text);

	if (len > COPY_LIMIT)
		for (len = COPY_LIMIT; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
			;
	strbuf_add_text(&sequence, "\x1b]52;c;");
	add_base64((const unsigned char *)text, len, &sequence);
	strbuf_add_text(&sequence, "\a");
	put(t, strbuf_text(&sequence));
	strbuf_release(&sequence);
}

void term_answer_sync(struct term *t)
{
	if (t->test)
		put(t, "\x1b]777;idle\x1b\\");
}

void term_about(const struct term *t, struct term_about *out)
{
	*out = (struct term_about){
		.name = t->type, .colors = t->no_color ? 0 : curses_colors(t->curses), .ambiguous_wide = text_ambiguous_wide(),
		.ambiguous_probed = t->probed, .ascii = t->ascii, .utf8 = t->utf8, .background = t->background,
	};
}

/* ---- giving the terminal away ---- */

void term_suspend(struct term *t)
{
	leave(t);
	signals_stop();
	enter(t);
}

/* Our own variables stay at home. The strings are borrowed; free the array. */
static char **clean_environment(void)
{
	size_t n = 0, kept = 0;

	while (environ[n] != NULL)
		n++;
	char **clean = mem_alloc(n + 1, sizeof *clean);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "HOSHU_", 6) != 0)
			clean[kept++] = environ[i];
	return clean;
}

static int spawn(const char *const *argv, pid_t *pid)
{
	posix_spawnattr_t attributes;
	sigset_t defaults;
	char **env = clean_environment();

	sigfillset(&defaults);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setsigmask(&attributes, signals_start_mask());
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	int rc = posix_spawnp(pid, argv[0], NULL, &attributes, (char *const *)(uintptr_t)argv, env);
	posix_spawnattr_destroy(&attributes);
	free(env);
	return rc;
}

/* A program that stops (Ctrl-Z in an editor) stops us with it. */
static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WUNTRACED) >= 0 || errno == EINTR) {
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (WIFSTOPPED(status)) {
			signals_stop();
			kill(pid, SIGCONT);
		}
	}
	return 127;
}

int term_run(struct term *t, const char *const *argv, struct err *err)
{
	pid_t pid;

	leave(t);
	int failed = spawn(argv, &pid);
	int status = failed == 0 ? wait_for(pid) : 0;
	signals_forget_keys();
	enter(t);
	if (failed != 0)
		return ERR(err, HS_ERR_NOT_FOUND, N_("cannot run '{1}': {2}"), argv[0], strerror(failed));
	return status;
}
