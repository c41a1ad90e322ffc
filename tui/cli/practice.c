/* See practice.h. */
#include "tui/cli/practice.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "data/contract/config.h"
#include "data/contract/load.h"
#include "data/practice/contract.h"
#include "data/practice/history.h"
#include "tui/cli/session.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

enum { ZONE_S = 9 * 3600, LINE_SIZE = 1024 };

static int make_folder(const char *path, struct err *err)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ERR(err, HS_ERR_IO, N_("cannot make the folder '{1}': {2}"), path, strerror(errno));
	return 0;
}

/* DATA/practice, every folder above it made. */
static int find_root(struct practice *p, const char *data, struct err *err)
{
	const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (data != NULL)
		strbuf_add_text(&p->root, data);
	else if (xdg != NULL && *xdg == '/')
		strbuf_addf(&p->root, "%s/hoshu", xdg);
	else if (home != NULL && *home == '/')
		strbuf_addf(&p->root, "%s/.local/share/hoshu", home);
	else
		return ERR(err, HS_ERR_NOT_FOUND, N_("HOME is not set; say with --data where practice may live"));
	if (*strbuf_text(&p->root) != '/') {
		char *absolute = realpath(strbuf_text(&p->root), NULL);
		if (absolute == NULL)
			return ERR(err, HS_ERR_NOT_FOUND, N_("there is no folder '{1}'"), strbuf_text(&p->root));
		strbuf_clear(&p->root);
		strbuf_add_text(&p->root, absolute);
		free(absolute);
	}
	strbuf_add_text(&p->root, "/practice");
	for (size_t i = 1; i <= p->root.len; i++) {
		char kept = p->root.buf[i];
		if (kept != '/' && kept != '\0')
			continue;
		p->root.buf[i] = '\0';
		int rc = make_folder(p->root.buf, err);
		p->root.buf[i] = kept;
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* The day on which the practice contract was made; its term and its history hang on it. */
static int32_t made_on(const char *contract_file)
{
	struct stat st;
	time_t at = stat(contract_file, &st) == 0 ? st.st_mtime : time(NULL);

	return day_of_time(at, ZONE_S);
}

/* A new contract where there is none, or where the servers had to move to other ports. */
static int write_contract(struct practice *p, struct err *err)
{
	const char *path = strbuf_text(&p->contract_file);
	struct strbuf bundled = { 0 };
	int32_t day = made_on(path);
	struct stat before;
	bool existed = stat(path, &before) == 0;
	int rc = contract_find("satte", &bundled, err);

	if (rc == 0)
		rc = practice_contract_write(&p->world, strbuf_text(&bundled), path, day, err);
	if (rc == 0 && existed)
		utimensat(AT_FDCWD, path, (struct timespec[2]){ before.st_atim, before.st_mtim }, 0);
	strbuf_release(&bundled);
	return rc;
}

static int write_config(struct practice *p, struct err *err)
{
	const struct config_options where = { strbuf_text(&p->config_folder), strbuf_text(&p->data_folder) };
	const struct config_answers answers = {
		.person = "佐藤", .role = "se", .tag = "S", .contract_file = strbuf_text(&p->contract_file),
		.language = "auto", .theme = "",
	};
	struct complaints complaints = { 0 };
	struct config *config = NULL;
	int rc = config_load(&where, &config, &complaints, err);

	if (rc == 0 && !config->exists)
		rc = config_save(config, &answers, false, err);
	config_free(config);
	complaints_release(&complaints);
	return rc;
}

/* One at a time makes, fills or clears the folder; the others wait. The lock goes with the descriptor. */
static int lock_folder(struct practice *p, struct err *err)
{
	struct strbuf path = { 0 };

	strbuf_addf(&path, "%s/lock", strbuf_text(&p->root));
	p->lock = open(strbuf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = p->lock >= 0 && flock(p->lock, LOCK_EX) == 0
			 ? 0
			 : ERR(err, HS_ERR_IO, N_("cannot lock '{1}': {2}"), strbuf_text(&path), strerror(errno));
	strbuf_release(&path);
	return rc;
}

static void unlock_folder(struct practice *p)
{
	if (p->lock >= 0)
		close(p->lock);
	p->lock = -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

/* Databases whose history was not finished are begun anew: nothing of a person's can be in them yet. */
static void drop_unfinished(const struct practice *p)
{
	struct strbuf mark = { 0 };

	strbuf_addf(&mark, "%s/filled", strbuf_text(&p->root));
	if (access(strbuf_text(&mark), F_OK) != 0)
		nftw(strbuf_text(&p->data_folder), remove_one, 8, FTW_DEPTH | FTW_PHYS);
	strbuf_release(&mark);
}

int practice_start(struct practice *p, const char *data, struct err *err)
{
	struct strbuf folder = { 0 };
	int rc;

	*p = (struct practice){ .hold = -1, .lock = -1 };
	rc = find_root(p, data, err);
	if (rc == 0)
		rc = lock_folder(p, err);
	if (rc == 0) {
		strbuf_addf(&p->config_folder, "%s/config", strbuf_text(&p->root));
		strbuf_addf(&p->data_folder, "%s/data", strbuf_text(&p->root));
		strbuf_addf(&p->contract_file, "%s/contract.conf", strbuf_text(&p->root));
		strbuf_addf(&folder, "%s/world", strbuf_text(&p->root));
		rc = world_prepare(&p->world, strbuf_text(&folder), err);
	}
	if (rc == 0)
		rc = write_contract(p, err);
	if (rc == 0)
		rc = write_config(p, err);
	if (rc == 0)
		drop_unfinished(p);
	strbuf_release(&folder);
	return rc;
}

int practice_join(struct practice *p, struct err *err)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	if (len <= 0)
		return ERR(err, HS_ERR_IO, N_("cannot find this program's own path: {1}"), strerror(errno));
	self[len] = '\0';
	int fd = world_join(&p->world, self, err);
	if (fd < 0)
		return fd;
	p->hold = fd;
	return 0;
}

void practice_end(struct practice *p)
{
	if (p->hold >= 0)
		close(p->hold);
	p->hold = -1;
	unlock_folder(p);
	world_release(&p->world);
	strbuf_release(&p->root);
	strbuf_release(&p->config_folder);
	strbuf_release(&p->data_folder);
	strbuf_release(&p->contract_file);
}

/* ---- the year before today ---- */

/* The servers are ours, so their host keys need nobody's word. */
static int pin_keys(struct session *s, struct err *err)
{
	struct tx tx;
	int rc = tx_begin(s->store, session_actor(s), "host trust", session_now(s), &tx, err);

	for (size_t i = 0; i < WORLD_SERVERS && rc == 0; i++) {
		char id[UUID_SIZE] = "", *key = world_host_key(&s->practice->world, i, err);
		char *base64 = key != NULL ? strchr(key, ' ') : NULL;
		if (base64 == NULL) {
			tx_rollback(&tx);
			free(key);
			return err->code != 0 ? err->code : HS_ERR_IO;
		}
		*base64++ = '\0';
		tx_insert(&tx, TABLE_host_key, id);
		tx_text(&tx, TABLE_host_key, id, COLUMN(host_key, host), s->practice->world.hosts[i].id);
		tx_text(&tx, TABLE_host_key, id, COLUMN(host_key, type), key);
		tx_text(&tx, TABLE_host_key, id, COLUMN(host_key, key), base64);
		tx_text(&tx, TABLE_host_key, id, COLUMN(host_key, who), session_actor(s));
		tx_text(&tx, TABLE_host_key, id, COLUMN(host_key, channel), "practice");
		tx_int(&tx, TABLE_host_key, id, COLUMN(host_key, at), tx.now);
		free(key);
	}
	return rc == 0 ? tx_commit(&tx, err) : rc;
}

/* The moment of a line "WHEN HH:MM WHO VERB …": WHEN is so many days before today (-3), after it (+3), or the newest 04-28. */
static int line_time(const struct session *s, int32_t today, const char *line, int64_t *at)
{
	int days, hour, minute, month, day, year, m, d;

	if (sscanf(line, "%2d-%2d %d:%d", &month, &day, &hour, &minute) == 4 && *line != '-') {
		day_to_civil(today, &year, &m, &d);
		days = day_from_civil(year - (month * 100 + day > m * 100 + d), month, day) - today;
	} else if (sscanf(line, "%d %d:%d", &days, &hour, &minute) != 3) {
		return HS_ERR_INVALID;
	}
	*at = day_start(today + days, s->contract->offset_s) + hour * 3600 + minute * 60;
	return 0;
}

struct script_line {
	int64_t at;
	int number;
	char *text;
};

static int by_time(const void *a, const void *b)
{
	const struct script_line *x = a, *y = b;

	return x->at != y->at ? (x->at < y->at ? -1 : 1) : x->number - y->number;
}

static int run_line(struct session *s, const struct script_line *line, struct err *err)
{
	struct words words = { 0 };
	struct output out;
	struct run run;
	size_t used = 0;
	int rc = words_split(&words, line->text, err);

	if (rc == 0 && words.list.len < 4)
		rc = ERR(err, HS_ERR_INVALID, N_("the practice history is not understood at line {1}"), MSG_INT(line->number));
	const struct command *c = rc == 0 ? command_find(words.list.v + 3, words.list.len - 3, &used) : NULL;
	if (rc == 0 && c == NULL)
		rc = ERR(err, HS_ERR_INVALID, N_("the practice history names an unknown verb at line {1}"), MSG_INT(line->number));
	if (rc == 0) {
		output_init(&out, OUTPUT_PLAIN, s->contract->offset_s);
		run_init(&run, c);
		run.contract = s->contract;
		run.store = s->store;
		run.config = s->config;
		run.out = &out;
		run.actor = words.list.v[2];
		run.now = line->at < session_now(s) ? line->at : session_now(s);
		rc = run_parse(&run, words.list.v + 3 + used, words.list.len - 3 - used, err);
		if (rc == 0)
			rc = run_exec(&run, err);
		run_release(&run);
		output_release(&out);
	}
	words_release(&words);
	return rc;
}

struct script {
	VEC(struct script_line) list; /* in the order of time */
};

static void script_release(struct script *script)
{
	for (size_t i = 0; i < script->list.len; i++)
		free(script->list.v[i].text);
	vec_release(&script->list);
}

static int script_read(const struct session *s, const char *path, struct script *script, struct err *err)
{
	int32_t today = day_of_time(session_now(s), s->contract->offset_s);
	char line[LINE_SIZE];
	int rc = 0, number = 0;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return ERR(err, HS_ERR_IO, N_("cannot read '{1}': {2}"), path, strerror(errno));
	while (rc == 0 && fgets(line, sizeof line, f) != NULL) {
		struct script_line next = { .number = ++number };
		line[strcspn(line, "\n")] = '\0';
		if (*line == '\0' || *line == '#')
			continue;
		if (line_time(s, today, line, &next.at) != 0) {
			rc = ERR(err, HS_ERR_INVALID, N_("the practice history is not understood at line {1}"), MSG_INT(number));
			break;
		}
		next.text = mem_text(line);
		vec_push(&script->list, next);
	}
	fclose(f);
	if (script->list.len > 1)
		qsort(script->list.v, script->list.len, sizeof *script->list.v, by_time);
	return rc;
}

static int run_script(struct session *s, const char *path, struct err *err)
{
	struct script script = { 0 };
	struct err failed = { 0 };
	struct strbuf text = { 0 };
	int rc = script_read(s, path, &script, err);

	for (size_t i = 0; rc == 0 && i < script.list.len; i++) {
		if (run_line(s, &script.list.v[i], &failed) != 0) {
			err_format(&failed, tr, &text);
			rc = ERR(err, failed.code, N_("the practice history stops at line {1}: {2}"),
				 MSG_INT(script.list.v[i].number), strbuf_text(&text));
		}
		if (i % 20 == 0 && isatty(STDERR_FILENO))
			fputc('.', stderr);
	}
	script_release(&script);
	strbuf_release(&text);
	return rc;
}

int practice_fill(struct session *s, struct err *err)
{
	struct practice *p = s->practice;
	struct strbuf path = { 0 }, mark = { 0 };
	struct status *st = NULL;
	int rc;

	strbuf_addf(&mark, "%s/filled", strbuf_text(&p->root));
	if (access(strbuf_text(&mark), F_OK) == 0) {
		strbuf_release(&mark);
		unlock_folder(p);
		return 0;
	}
	fprintf(stderr, "hoshu: %s ", tr(N_("writing a year of practice history; this is done once")));
	strbuf_addf(&path, "%s/practice/history", data_folder());
	if (access(strbuf_text(&path), R_OK) != 0) {
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/data/practice/history", data_folder());
	}
	rc = run_script(s, strbuf_text(&path), err);
	if (rc == 0)
		rc = pin_keys(s, err);
	if (rc == 0 && (rc = status_open(&st, strbuf_text(&s->folder), true, err)) == 0)
		rc = history_measure(st, s->contract, session_now(s), err);
	status_close(st);
	if (rc == 0) {
		int fd = open(strbuf_text(&mark), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0)
			close(fd);
	}
	fputc('\n', stderr);
	unlock_folder(p);
	strbuf_release(&path);
	strbuf_release(&mark);
	return rc;
}
