/* The parts of `hoshu check` that look at the terminal, at keys and at this PC. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "core/patch/version.h"
#include "data/contract/config.h"
#include "data/contract/machine.h"
#include "tui/command/check.h"
#include "tui/command/command.h"
#include "tui/widget/tr.h"

/* The first release with the client-side corrections of October 2026 (reliability.md §2.3). */
#define LIBSSH_PACKAGE "libssh-4"
#define LIBSSH_LEAST "0.10.6-0+deb12u3"

static const char *or(const char *value, const char *other)
{
	return value != NULL && value[0] != '\0' ? value : other;
}

static void check_locale(struct report *r)
{
	const char *wanted = or(getenv("LC_ALL"), or(getenv("LC_CTYPE"), or(getenv("LANG"), "C")));

	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
		FOUND(r, GRADE_OK, N_("terminal"), N_("locale {1}, UTF-8, language {2}"), wanted, lang_get());
		return;
	}
	FOUND(r, GRADE_WARN, N_("terminal"), N_("the locale {1} is not UTF-8"), wanted);
	STEP(r, N_("set LANG=C.UTF-8 or LANG=ja_JP.UTF-8"));
}

static void check_ambiguous(struct report *r)
{
	static const char *const words[] = { "auto", "narrow", "wide" };
	const struct config *c = r->run->config;

	if (c->ambiguous == CONFIG_AMBIGUOUS_AUTO && or(getenv("TMUX"), getenv("STY")) != NULL) {
		FOUND(r, GRADE_WARN, N_("terminal"),
		      N_("inside tmux or screen the width of ambiguous characters is theirs, not the outer terminal's"));
		STEP(r, N_("if columns are out of place, set ui.ambiguous to narrow or wide in hoshu.conf"));
	} else {
		FOUND(r, GRADE_OK, N_("terminal"), N_("ambiguous characters: {1}, now {2} cells"), words[c->ambiguous],
		      text_ambiguous_wide() ? "2" : "1");
	}
}

void check_terminal(struct report *r)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	struct winsize size = { 0 };

	check_locale(r);
	check_ambiguous(r);
	if (!isatty(1)) {
		FOUND(r, GRADE_OK, N_("terminal"), N_("the output is no terminal now; verbs work, the console does not"));
		return;
	}
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0) {
		FOUND(r, GRADE_WARN, N_("terminal"), N_("TERM is '{1}': the console cannot be drawn"), or(term, ""));
		STEP(r, N_("set TERM to what your terminal is, for example xterm-256color"));
		return;
	}
	ioctl(1, TIOCGWINSZ, &size);
	FOUND(r, GRADE_OK, N_("terminal"), N_("{1}, {2}x{3}, {4}"), term, MSG_INT(size.ws_col), MSG_INT(size.ws_row),
	      no_color != NULL && no_color[0] != '\0' ? tr(N_("no colours (NO_COLOR)")) :
	      strstr(term, "256color") != NULL || strstr(term, "direct") != NULL ? tr(N_("256 colours or more")) :
										 tr(N_("8 or 16 colours")));
	if (size.ws_col > 0 && (size.ws_col < 80 || size.ws_row < 24)) {
		FOUND(r, GRADE_WARN, N_("terminal"), N_("the window is smaller than 80x24"));
		STEP(r, N_("make the window larger"));
	}
}

void check_keys(struct report *r)
{
	const struct contract *c = r->run->contract;

	for (size_t i = 0; c != NULL && i < c->host_count; i++) {
		const struct host *host = &c->hosts[i];
		if (!host->probe || host->key_file[0] == '\0')
			continue;
		switch (machine_key_file(host->key_file)) {
		case KEY_FILE_FINE:
			FOUND(r, GRADE_OK, N_("ssh keys"), N_("{1}: '{2}' is readable by you alone"), host->id, host->key_file);
			break;
		case KEY_FILE_MISSING:
			FOUND(r, GRADE_BAD, N_("ssh keys"), N_("{1}: there is no key file '{2}'"), host->id, host->key_file);
			STEP(r, N_("make one with ssh-keygen, or take key_file out to use the agent"));
			break;
		case KEY_FILE_OPEN:
			FOUND(r, GRADE_BAD, N_("ssh keys"), N_("{1}: others may read '{2}'"), host->id, host->key_file);
			STEP(r, N_("run: chmod 600 '{1}'"), host->key_file);
			break;
		case KEY_FILE_FOREIGN:
			FOUND(r, GRADE_BAD, N_("ssh keys"), N_("{1}: '{2}' belongs to another user"), host->id, host->key_file);
			STEP(r, N_("use a key of your own"));
			break;
		}
	}
}

static void check_libssh(struct report *r)
{
	struct strbuf version = { 0 };

	if (!machine_package(LIBSSH_PACKAGE, &version)) {
		FOUND(r, GRADE_UNKNOWN, N_("libraries"), N_("the version of libssh is unknown: it is no Debian package here"));
		STEP(r, N_("see that libssh has the corrections of Debian's {1}"), LIBSSH_LEAST);
	} else if (version_deb_compare(strbuf_text(&version), LIBSSH_LEAST) < 0) {
		FOUND(r, GRADE_BAD, N_("libraries"), N_("{1} {2} has known holes; {3} is the least"), LIBSSH_PACKAGE,
		      strbuf_text(&version), LIBSSH_LEAST);
		STEP(r, N_("run: sudo apt-get update && sudo apt-get install {1}"), LIBSSH_PACKAGE);
	} else {
		FOUND(r, GRADE_OK, N_("libraries"), N_("{1} {2}"), LIBSSH_PACKAGE, strbuf_text(&version));
	}
	strbuf_release(&version);
}

static void check_package(struct report *r, const char *package)
{
	struct strbuf version = { 0 };

	if (machine_package(package, &version))
		FOUND(r, GRADE_OK, N_("libraries"), N_("{1} {2}"), package, strbuf_text(&version));
	strbuf_release(&version);
}

static void check_disk(struct report *r)
{
	const char *folder = r->run->config->data_folder;

	switch (machine_encryption(folder)) {
	case ENCRYPTION_DISK:
		FOUND(r, GRADE_OK, N_("disk"), N_("the disk below '{1}' is encrypted"), folder);
		break;
	case ENCRYPTION_FOLDER:
		FOUND(r, GRADE_OK, N_("disk"), N_("'{1}' is encrypted by fscrypt; the rest of the disk may not be"), folder);
		break;
	case ENCRYPTION_NONE:
		FOUND(r, GRADE_WARN, N_("disk"), N_("the disk below '{1}' is not encrypted: a lost PC is a leak (S4.1)"), folder);
		STEP(r, N_("install this PC with LUKS disk encryption, or move the data folder to an encrypted disk"));
		break;
	case ENCRYPTION_UNKNOWN:
		FOUND(r, GRADE_UNKNOWN, N_("disk"), N_("whether the disk below '{1}' is encrypted cannot be seen"), folder);
		STEP(r, N_("make sure of it by other means and write it down"));
		break;
	}
}

static void check_swap(struct report *r)
{
	struct strbuf name = { 0 };

	if (machine_plain_swap(&name)) {
		FOUND(r, GRADE_WARN, N_("disk"), N_("the swap '{1}' is not encrypted"), strbuf_text(&name));
		STEP(r, N_("encrypt it, or switch it off with swapoff"));
	}
	strbuf_release(&name);
}

static void check_folder(struct report *r, const char *folder)
{
	if (!machine_folder_open(folder))
		return;
	FOUND(r, GRADE_WARN, N_("disk"), N_("others may look into '{1}'"), folder);
	STEP(r, N_("run: chmod 700 '{1}'"), folder);
}

void check_machine(struct report *r)
{
	check_folder(r, r->run->config->config_folder);
	check_folder(r, r->run->config->data_folder);
	check_disk(r);
	check_swap(r);
	check_libssh(r);
	check_package(r, "libsqlite3-0");
	check_package(r, "libncursesw6");
	check_package(r, "libconfig9");
}
