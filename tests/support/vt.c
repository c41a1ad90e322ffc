/* See vt.h. Every wait ends by an event: output, a report of the job, or the deadline that says that something hangs. */
#include "tests/support/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "tests/support/golden.h"
#include "tests/support/job.h"
#include "tui/widget/key.h"

#define DEADLINE_S 60

struct vt {
	struct vt *next;
	struct job job;
	int master, slave, rows, cols;
	struct termios mode;
	VTerm *term;
	VTermScreen *screen;
	VTermPos cursor;
	bool cursor_visible, alternate, silent;
	bool mouse_forgotten, paste_forgotten; /* as of the output that was forgotten */
	unsigned idle;              /* answers to the sync token */
	size_t held;                /* bytes of an answer cut by the end of a read: libvterm loses one that comes in two parts */
	struct strbuf output, unknown, clipboard, dump;
};

static struct vt *all;

/* A test that failed left its program behind. */
static void end_all(void)
{
	for (; all != NULL; all = all->next)
		job_end(&all->job);
}

/* ---- the emulator's news ---- */

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	(void)old, (void)visible;
	((struct vt *)user)->cursor = pos;
	return 1;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		vt->alternate = value->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		vt->cursor_visible = value->boolean;
	return 1;
}

static int on_osc(const char *command, size_t len, void *user)
{
	struct vt *vt = user;

	if (len == 8 && memcmp(command, "777;idle", 8) == 0) {
		vt->idle++;
	} else if (len > 5 && memcmp(command, "52;c;", 5) == 0) {
		strbuf_clear(&vt->clipboard);
		strbuf_add(&vt->clipboard, command + 5, len - 5);
	} else if ((len != 4 || memcmp(command, "11;?", 4) != 0) && (len != 3 || memcmp(command, "104", 3) != 0)) {
		strbuf_addf(&vt->unknown, "OSC %.*s\n", (int)len, command);
	}
	return 1;
}

static int on_csi(const char *leader, const long args[], int count, const char *intermediate, char command, void *user)
{
	struct vt *vt = user;

	/* what terminfo has for smcup (the window's title) and for the cursor of the Linux console */
	if ((command == 't' && count > 0 && (args[0] == 22 || args[0] == 23)) ||
	    (command == 'c' && leader != NULL && strcmp(leader, "?") == 0))
		return 1;
	strbuf_addf(&vt->unknown, "CSI %s%ld (%d) %s%c\n", leader != NULL ? leader : "", count > 0 ? args[0] : 0, count,
		    intermediate != NULL ? intermediate : "", command);
	return 1;
}

static int on_dcs(const char *command, size_t len, void *user)
{
	strbuf_addf(&((struct vt *)user)->unknown, "DCS %.*s\n", (int)len, command);
	return 1;
}

static int on_control(unsigned char control, void *user)
{
	strbuf_addf(&((struct vt *)user)->unknown, "control %02X\n", control);
	return 1;
}

static const VTermScreenCallbacks screen_callbacks = { .movecursor = on_cursor, .settermprop = on_property };
static const VTermParserCallbacks unknown_callbacks = { .osc = on_osc, .csi = on_csi, .dcs = on_dcs, .control = on_control };

static void emulator_open(struct vt *vt)
{
	vt->term = vterm_new(vt->rows, vt->cols);
	vterm_set_utf8(vt->term, 1);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_set_callbacks(vt->screen, &screen_callbacks, vt);
	vterm_screen_set_unrecognised_fallbacks(vt->screen, &unknown_callbacks, vt);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
	vt->cursor_visible = true;
}

/* ---- starting and ending ---- */

static bool dropped(const char *entry)
{
	static const char *const names[] = { "LC_", "LANG=", "LANGUAGE=", "NO_COLOR=", "COLUMNS=", "LINES=",
					     "TMUX=", "STY=", "TERM=", "HOSHU_TEST=", "HOSHU_LOCALEDIR=" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strncmp(entry, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

struct environment {
	VEC(char *) list;
};

static void set_variable(struct environment *env, const char *entry)
{
	size_t name = strcspn(entry, "=");

	for (size_t i = 0; i < env->list.len; i++)
		if (strncmp(env->list.v[i], entry, name) == 0 && env->list.v[i][name] == '=') {
			free(env->list.v[i]);
			env->list.v[i--] = env->list.v[--env->list.len];
		}
	if (entry[name] == '=')
		vec_push(&env->list, mem_text(entry));
}

static void make_environment(struct environment *env, const char *const *more)
{
	const char *build = getenv("HOSHU_BUILDDIR");
	struct strbuf locale = { 0 };

	for (char **at = environ; *at != NULL; at++)
		if (!dropped(*at))
			vec_push(&env->list, mem_text(*at));
	strbuf_addf(&locale, "HOSHU_LOCALEDIR=%s/locale", build != NULL ? build : ".");
	set_variable(env, locale.buf);
	set_variable(env, "TERM=xterm-256color");
	set_variable(env, "LANG=C.UTF-8");
	set_variable(env, "HOSHU_TEST=1");
	for (; more != NULL && *more != NULL; more++)
		set_variable(env, *more);
	vec_push(&env->list, NULL);
	strbuf_release(&locale);
}

struct vt *vt_spawn(const char *const *argv, const struct vt_options *options)
{
	struct vt *vt = mem_alloc(1, sizeof *vt);
	struct environment env = { 0 };

	vt->rows = options->rows > 0 ? options->rows : 24;
	vt->cols = options->cols > 0 ? options->cols : 80;
	vt->silent = options->silent;
	vt->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (vt->master < 0 || grantpt(vt->master) != 0 || unlockpt(vt->master) != 0)
		fail_msg("no pty: %s", strerror(errno));
	vt->slave = ioctl(vt->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (vt->slave < 0)
		fail_msg("no pty: %s", strerror(errno));
	ioctl(vt->master, TIOCSWINSZ, &(struct winsize){ .ws_row = (unsigned short)vt->rows, .ws_col = (unsigned short)vt->cols });
	tcgetattr(vt->slave, &vt->mode);
	emulator_open(vt);
	make_environment(&env, options->env);
	if (all == NULL)
		atexit(end_all);
	vt->next = all;
	all = vt;
	fflush(NULL);
	job_start(&vt->job, vt->master, vt->slave, argv, env.list.v);
	for (size_t i = 0; i + 1 < env.list.len; i++)
		free(env.list.v[i]);
	vec_release(&env.list);
	fcntl(vt->job.report, F_SETFL, O_NONBLOCK);
	return vt;
}

void vt_free(struct vt *vt)
{
	if (vt == NULL)
		return;
	for (struct vt **at = &all; *at != NULL; at = &(*at)->next)
		if (*at == vt) {
			*at = vt->next;
			break;
		}
	job_end(&vt->job);
	if (vt->master >= 0)
		close(vt->master);
	if (vt->slave >= 0)
		close(vt->slave);
	vterm_free(vt->term);
	char unknown[200];
	snprintf(unknown, sizeof unknown, "%s", strbuf_text(&vt->unknown));
	strbuf_release(&vt->output);
	strbuf_release(&vt->unknown);
	strbuf_release(&vt->clipboard);
	strbuf_release(&vt->dump);
	free(vt);
	if (unknown[0] != '\0')
		fail_msg("sequences that a terminal does not know: %s", unknown);
}

int vt_pid(const struct vt *vt)
{
	return vt->job.pid;
}

/* ---- the loop ---- */

static void answer(struct vt *vt)
{
	char bytes[1024];
	size_t n;

	while ((n = vterm_output_read(vt->term, bytes, sizeof bytes)) > 0)
		if (!vt->silent && write(vt->master, bytes, n) < 0)
			break;
}

static bool take_output(struct vt *vt)
{
	char bytes[16384];
	static const char idle[] = "\033]777;idle\033\\";
	ssize_t n = vt->master >= 0 ? read(vt->master, bytes + vt->held, sizeof bytes - vt->held) : -1;

	if (n <= 0)
		return false;
	strbuf_add(&vt->output, bytes + vt->held, (size_t)n);
	memcpy(bytes, idle, vt->held);
	size_t len = vt->held + (size_t)n;
	vt->held = len < sizeof idle - 2 ? len : sizeof idle - 2;
	while (memcmp(bytes + len - vt->held, idle, vt->held) != 0)
		vt->held--;
	vterm_input_write(vt->term, bytes, len - vt->held);
	answer(vt);
	return true;
}

static int64_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void hangs(struct vt *vt, const char *what)
{
	fail_msg("the program %s (status %x): %s\n%s", vt->job.ended ? "ended" : "hangs", (unsigned)vt->job.status, what,
		 vt_screen(vt, false));
}

/* Waits for one piece of news. */
static void pump(struct vt *vt, int64_t deadline, const char *what)
{
	struct pollfd p[2] = { { .fd = vt->master, .events = POLLIN }, { .fd = vt->job.ended ? -1 : vt->job.report, .events = POLLIN } };

	if (seconds() >= deadline)
		hangs(vt, what);
	poll(p, 2, 1000);
	if (p[1].revents != 0)
		job_report(&vt->job);
	take_output(vt);
}

static void drain(struct vt *vt)
{
	while (take_output(vt))
		;
}

void vt_send(struct vt *vt, const void *bytes, size_t len)
{
	int64_t deadline = seconds() + DEADLINE_S;
	const char *at = bytes;

	while (len > 0) {
		ssize_t n = write(vt->master, at, len);
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (n < 0 && errno != EAGAIN) {
			return;
		} else {
			struct pollfd p = { .fd = vt->master, .events = POLLIN | POLLOUT };
			poll(&p, 1, 1000);
			take_output(vt);
			if (seconds() >= deadline || vt->job.ended)
				hangs(vt, "it takes no input");
		}
	}
}

void vt_type(struct vt *vt, const char *text)
{
	vt_send(vt, text, strlen(text));
}

static const struct {
	int code;
	const char *bytes; /* as xterm sends it in application mode */
} key_bytes[] = {
	{ HK_UP, "\033OA" }, { HK_DOWN, "\033OB" }, { HK_RIGHT, "\033OC" }, { HK_LEFT, "\033OD" },
	{ HK_HOME, "\033OH" }, { HK_END, "\033OF" }, { HK_PAGE_UP, "\033[5~" }, { HK_PAGE_DOWN, "\033[6~" },
	{ HK_INSERT, "\033[2~" }, { HK_DELETE, "\033[3~" }, { HK_BACKSPACE, "\177" }, { HK_ENTER, "\r" },
	{ HK_TAB, "\t" }, { HK_BACKTAB, "\033[Z" }, { HK_ESCAPE, "\033" },
	{ HK_F1, "\033OP" }, { HK_F2, "\033OQ" }, { HK_F3, "\033OR" }, { HK_F4, "\033OS" }, { HK_F5, "\033[15~" },
	{ HK_F6, "\033[17~" }, { HK_F7, "\033[18~" }, { HK_F8, "\033[19~" }, { HK_F9, "\033[20~" },
	{ HK_F10, "\033[21~" }, { HK_F11, "\033[23~" }, { HK_F12, "\033[24~" }, { HK_CTRL | ' ', "" },
	{ HK_SHIFT | HK_LEFT, "\033[1;2D" }, { HK_SHIFT | HK_RIGHT, "\033[1;2C" },
	{ HK_SHIFT | HK_UP, "\033[1;2A" }, { HK_SHIFT | HK_DOWN, "\033[1;2B" },
	{ HK_CTRL | HK_LEFT, "\033[1;5D" }, { HK_CTRL | HK_RIGHT, "\033[1;5C" },
	{ HK_CTRL | HK_UP, "\033[1;5A" }, { HK_CTRL | HK_DOWN, "\033[1;5B" },
	{ HK_CTRL | HK_HOME, "\033[1;5H" }, { HK_CTRL | HK_END, "\033[1;5F" },
};

static void send_key(struct vt *vt, const char *name)
{
	int code = key_parse(name);
	char utf8[4];

	if (code & HK_ALT) {
		vt_send(vt, "\033", 1);
		code &= ~HK_ALT;
	}
	for (size_t i = 0; i < sizeof key_bytes / sizeof key_bytes[0]; i++)
		if (key_bytes[i].code == code) {
			vt_send(vt, key_bytes[i].bytes, *key_bytes[i].bytes != '\0' ? strlen(key_bytes[i].bytes) : 1);
			if (code == HK_ESCAPE)
				vt_sync(vt);
			return;
		}
	if (code & HK_CTRL)
		vt_send(vt, (char[]){ (char)((code & ~HK_CTRL) & 0x1f) }, 1);
	else if (code > 0 && code < KEY_NONE_)
		vt_send(vt, utf8, text_encode(code, utf8));
	else
		fail_msg("no key '%s'", name);
}

void vt_keys(struct vt *vt, ...)
{
	va_list names;
	const char *name;

	va_start(names, vt);
	while ((name = va_arg(names, const char *)) != NULL)
		send_key(vt, name);
	va_end(names);
}

void vt_paste(struct vt *vt, const char *text)
{
	vt_type(vt, "\033[200~");
	vt_type(vt, text);
	vt_type(vt, "\033[201~");
}

void vt_mouse(struct vt *vt, int button, int row, int col, bool pressed)
{
	char bytes[64];

	snprintf(bytes, sizeof bytes, "\033[<%d;%d;%d%c", button, col + 1, row + 1, pressed ? 'M' : 'm');
	vt_type(vt, bytes);
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	drain(vt);
	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->term, rows, cols);
	ioctl(vt->master, TIOCSWINSZ, &(struct winsize){ .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols });
}

void vt_signal(struct vt *vt, int sig)
{
	if (!vt->job.ended)
		kill(vt->job.pid, sig);
}

void vt_hang_up(struct vt *vt)
{
	close(vt->slave);
	close(vt->master);
	vt->slave = vt->master = -1;
}

/* ---- waiting ---- */

void vt_sync(struct vt *vt)
{
	int64_t deadline = seconds() + DEADLINE_S;
	unsigned before = vt->idle;

	while (!vt_paste_on(vt) && !vt->job.ended) /* the last thing that is switched on, long after echo went off */
		pump(vt, deadline, "it never took the screen");
	vt_type(vt, "\033[777~");
	while (vt->idle == before) {
		if (vt->job.ended)
			hangs(vt, "before it answered");
		pump(vt, deadline, "no answer to the sync token");
	}
}

void vt_wait_read(struct vt *vt)
{
	int64_t deadline = seconds() + DEADLINE_S;
	int left = 1;

	while (ioctl(vt->slave, FIONREAD, &left) == 0 && left > 0) {
		if (seconds() >= deadline || vt->job.ended)
			hangs(vt, "it does not read");
		take_output(vt);
		sched_yield();
	}
}

bool vt_has(struct vt *vt, const char *text)
{
	return strstr(vt_screen(vt, false), text) != NULL;
}

void vt_wait_output(struct vt *vt, const char *bytes)
{
	int64_t deadline = seconds() + DEADLINE_S;

	drain(vt);
	while (strstr(strbuf_text(&vt->output), bytes) == NULL) {
		if (vt->job.ended)
			hangs(vt, "before it wrote that");
		pump(vt, deadline, "it never wrote that");
	}
}

void vt_wait_text(struct vt *vt, const char *text)
{
	int64_t deadline = seconds() + DEADLINE_S;

	drain(vt);
	while (!vt_has(vt, text)) {
		if (vt->job.ended)
			hangs(vt, text);
		pump(vt, deadline, text);
	}
}

void vt_wait_stopped(struct vt *vt)
{
	int64_t deadline = seconds() + DEADLINE_S;

	while (!vt->job.stopped && !vt->job.ended)
		pump(vt, deadline, "it did not stop");
	if (!vt->job.stopped)
		hangs(vt, "instead of stopping");
	drain(vt);
}

void vt_continue(struct vt *vt)
{
	job_continue(&vt->job);
}

int vt_exit_code(struct vt *vt)
{
	int64_t deadline = seconds() + DEADLINE_S;

	while (!vt->job.ended)
		pump(vt, deadline, "it did not end");
	drain(vt);
	return WIFEXITED(vt->job.status) ? WEXITSTATUS(vt->job.status) : 128 + WTERMSIG(vt->job.status);
}

/* ---- what is seen ---- */

static void cell_at(struct vt *vt, int row, int col, VTermScreenCell *cell)
{
	vterm_screen_get_cell(vt->screen, (VTermPos){ .row = row, .col = col }, cell);
}

static void dump_row(struct vt *vt, int row)
{
	size_t end = vt->dump.len;
	VTermScreenCell cell;

	for (int col = 0; col < vt->cols; col += cell.width > 1 ? cell.width : 1) {
		cell_at(vt, row, col, &cell);
		if (cell.chars[0] == 0)
			strbuf_add_char(&vt->dump, ' ');
		for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++) {
			char utf8[4];
			strbuf_add(&vt->dump, utf8, text_encode((int32_t)cell.chars[i], utf8));
		}
		if (cell.chars[0] > ' ')
			end = vt->dump.len;
	}
	strbuf_cut(&vt->dump, end);
	strbuf_add_char(&vt->dump, '\n');
}

static void color_name(const VTermColor *color, bool foreground, char out[16])
{
	if (foreground ? VTERM_COLOR_IS_DEFAULT_FG(color) : VTERM_COLOR_IS_DEFAULT_BG(color))
		snprintf(out, 16, "-");
	else if (VTERM_COLOR_IS_INDEXED(color))
		snprintf(out, 16, "%d", color->indexed.idx);
	else
		snprintf(out, 16, "#%02x%02x%02x", color->rgb.red, color->rgb.green, color->rgb.blue);
}

static void look_text(const VTermScreenCell *cell, char out[80])
{
	char fg[16], bg[16];

	color_name(&cell->fg, true, fg);
	color_name(&cell->bg, false, bg);
	snprintf(out, 80, "%s/%s%s%s%s%s", fg, bg, cell->attrs.bold ? ",bold" : "", cell->attrs.underline ? ",underline" : "",
		 cell->attrs.italic ? ",italic" : "", cell->attrs.reverse ? ",reverse" : "");
}

static void dump_looks(struct vt *vt, int row)
{
	for (int col = 0, len; col < vt->cols; col += len) {
		VTermScreenCell cell;
		char look[80], next[80];
		cell_at(vt, row, col, &cell);
		look_text(&cell, look);
		for (len = cell.width > 1 ? cell.width : 1; col + len < vt->cols; len += cell.width > 1 ? cell.width : 1) {
			cell_at(vt, row, col + len, &cell);
			look_text(&cell, next);
			if (strcmp(look, next) != 0)
				break;
		}
		if (strcmp(look, "-/-") != 0)
			strbuf_addf(&vt->dump, "%d@%d:%d %s\n", row, col, len, look);
	}
}

const char *vt_screen(struct vt *vt, bool attributes)
{
	strbuf_clear(&vt->dump);
	for (int row = 0; row < vt->rows; row++)
		dump_row(vt, row);
	for (int row = 0; attributes && row < vt->rows; row++)
		dump_looks(vt, row);
	return strbuf_text(&vt->dump);
}

void vt_golden(struct vt *vt, const char *path, bool attributes)
{
	golden_check(path, vt_screen(vt, attributes));
}

unsigned vt_cell(struct vt *vt, int row, int col, int *width)
{
	VTermScreenCell cell;

	cell_at(vt, row, col, &cell);
	if (width != NULL)
		*width = cell.width;
	return cell.chars[0] == (uint32_t)-1 ? 0 : cell.chars[0];
}

void vt_cursor(struct vt *vt, int *row, int *col, bool *visible)
{
	*row = vt->cursor.row;
	*col = vt->cursor.col;
	*visible = vt->cursor_visible;
}

bool vt_alternate_screen(struct vt *vt)
{
	return vt->alternate;
}

/* Was the private mode set last, or reset, in what was written? */
static bool mode_on(const struct vt *vt, const char *mode, bool before)
{
	bool on = before;
	char set[16];
	int len = snprintf(set, sizeof set, "\033[?%s", mode);

	for (const char *at = strbuf_text(&vt->output); (at = strstr(at, set)) != NULL;) {
		at += len;
		on = *at == 'h' || (*at != 'l' && on);
	}
	return on;
}

bool vt_mouse_on(struct vt *vt)
{
	bool before = vt->mouse_forgotten;

	return mode_on(vt, "1000", before) || mode_on(vt, "1002", before) || mode_on(vt, "1006", before);
}

bool vt_paste_on(struct vt *vt)
{
	return mode_on(vt, "2004", vt->paste_forgotten) || mode_on(vt, "1004", vt->paste_forgotten);
}

bool vt_tty_restored(struct vt *vt)
{
	struct termios now;

	return tcgetattr(vt->slave, &now) == 0 && now.c_iflag == vt->mode.c_iflag && now.c_oflag == vt->mode.c_oflag &&
	       now.c_cflag == vt->mode.c_cflag && now.c_lflag == vt->mode.c_lflag &&
	       memcmp(now.c_cc, vt->mode.c_cc, sizeof now.c_cc) == 0;
}

const char *vt_output(struct vt *vt, size_t *len)
{
	if (len != NULL)
		*len = vt->output.len;
	return strbuf_text(&vt->output);
}

void vt_forget_output(struct vt *vt)
{
	vt->mouse_forgotten = vt_mouse_on(vt);
	vt->paste_forgotten = vt_paste_on(vt);
	strbuf_clear(&vt->output);
}

const char *vt_clipboard(struct vt *vt)
{
	return strbuf_text(&vt->clipboard);
}
