/* See machine.h. */
#include "data/contract/machine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fscrypt.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/strbuf.h"

#define SLAVES_DEPTH 8
#define PACKAGE_MS 2000

/* The first line of a small file; false when it cannot be read. */
static bool first_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "re");
	bool there = f != NULL && fgets(line, (int)size, f) != NULL;

	if (f != NULL)
		fclose(f);
	return there;
}

static bool folder_encrypted(const char *folder, int depth);

/* Every device below must be encrypted; one that has none below is not. */
static bool slaves_encrypted(const char *folder, int depth)
{
	struct strbuf path = { 0 };
	struct dirent *entry;
	int slaves = 0;
	bool all = true;

	strbuf_addf(&path, "%s/slaves", folder);
	DIR *list = opendir(strbuf_text(&path));
	while (list != NULL && (entry = readdir(list)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		struct strbuf slave = { 0 };
		strbuf_addf(&slave, "%s/%s", strbuf_text(&path), entry->d_name);
		all = folder_encrypted(strbuf_text(&slave), depth + 1) && all;
		slaves++;
		strbuf_release(&slave);
	}
	if (list != NULL)
		closedir(list);
	strbuf_release(&path);
	return slaves > 0 && all;
}

static bool folder_encrypted(const char *folder, int depth)
{
	struct strbuf uuid = { 0 };
	char line[128];

	strbuf_addf(&uuid, "%s/dm/uuid", folder);
	bool crypt = first_line(strbuf_text(&uuid), line, sizeof line) && strncmp(line, "CRYPT-", 6) == 0;
	strbuf_release(&uuid);
	return crypt || (depth < SLAVES_DEPTH && slaves_encrypted(folder, depth));
}

bool machine_device_encrypted(const char *sys, unsigned device_major, unsigned device_minor)
{
	struct strbuf folder = { 0 };

	strbuf_addf(&folder, "%s/dev/block/%u:%u", sys, device_major, device_minor);
	bool yes = folder_encrypted(strbuf_text(&folder), 0);
	strbuf_release(&folder);
	return yes;
}

/* A file system without a device number of its own (btrfs) names its device in the mount table. */
static bool mounted_device(dev_t device, dev_t *block)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[4096], source[1024];
	unsigned major_n, minor_n;
	struct stat st;
	bool found = false;

	while (mounts != NULL && !found && fgets(line, sizeof line, mounts) != NULL) {
		const char *dash = strstr(line, " - ");
		if (dash == NULL || sscanf(line, "%*d %*d %u:%u", &major_n, &minor_n) != 2 ||
		    makedev(major_n, minor_n) != device || sscanf(dash, " - %*s %1023s", source) != 1)
			continue;
		found = source[0] == '/' && stat(source, &st) == 0 && S_ISBLK(st.st_mode);
	}
	if (found)
		*block = st.st_rdev;
	if (mounts != NULL)
		fclose(mounts);
	return found;
}

/* fscrypt gives a policy of its own to the folder. */
static bool has_folder_policy(const char *path)
{
	struct fscrypt_get_policy_ex_arg policy = { .policy_size = sizeof policy.policy };
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool yes = fd >= 0 && ioctl(fd, FS_IOC_GET_ENCRYPTION_POLICY_EX, &policy) == 0;

	if (fd >= 0)
		close(fd);
	return yes;
}

/* stat of path, or of the nearest parent that is there; existing says which. */
static bool stat_nearest(const char *path, struct strbuf *existing, struct stat *st)
{
	strbuf_add_text(existing, path);
	while (stat(strbuf_text(existing), st) != 0) {
		const char *slash = strrchr(strbuf_text(existing), '/');
		if (slash == NULL || existing->len <= 1)
			return false;
		strbuf_cut(existing, slash == existing->buf ? 1 : (size_t)(slash - existing->buf));
	}
	return true;
}

enum encryption machine_encryption(const char *path)
{
	struct strbuf existing = { 0 };
	enum encryption found = ENCRYPTION_UNKNOWN;
	struct stat st;

	if (stat_nearest(path, &existing, &st)) {
		dev_t device = st.st_dev;
		bool block = major(device) != 0 || mounted_device(st.st_dev, &device);
		if (block && machine_device_encrypted("/sys", major(device), minor(device)))
			found = ENCRYPTION_DISK;
		else if (has_folder_policy(strbuf_text(&existing)))
			found = ENCRYPTION_FOLDER;
		else if (block)
			found = ENCRYPTION_NONE;
	}
	strbuf_release(&existing);
	return found;
}

bool machine_plain_swap(struct strbuf *name)
{
	FILE *swaps = fopen("/proc/swaps", "re");
	char line[1024], path[512];
	struct stat st;
	bool plain = false;

	while (swaps != NULL && !plain && fgets(line, sizeof line, swaps) != NULL) {
		if (sscanf(line, "%511s", path) != 1 || path[0] != '/' || strncmp(path, "/dev/zram", 9) == 0 || stat(path, &st) != 0)
			continue;
		dev_t device = S_ISBLK(st.st_mode) ? st.st_rdev : st.st_dev;
		plain = !machine_device_encrypted("/sys", major(device), minor(device));
		if (plain)
			strbuf_add_text(name, path);
	}
	if (swaps != NULL)
		fclose(swaps);
	return plain;
}

/* ---- packages ---- */

/* Starts dpkg-query with its output in a pipe; -1 when it is not there. */
static pid_t start_query(const char *package, int *from)
{
	const char *const argv[] = { "dpkg-query", "-W", "-f", "${Version}", package, NULL };
	char *const environment[] = { (char *)(uintptr_t)"LC_ALL=C", (char *)(uintptr_t)"PATH=/usr/bin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	int pipes[2];
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	int rc = posix_spawn(&pid, "/usr/bin/dpkg-query", &actions, NULL, (char *const *)(uintptr_t)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	*from = pipes[0];
	if (rc == 0)
		return pid;
	close(pipes[0]);
	return -1;
}

/* What it writes until it ends, at most a line's worth; false when time runs out. */
static bool read_answer(int from, struct strbuf *out)
{
	struct pollfd wait = { .fd = from, .events = POLLIN };

	while (poll(&wait, 1, PACKAGE_MS) == 1) {
		char part[128];
		ssize_t n = read(from, part, sizeof part);
		if (n <= 0)
			return n == 0;
		if (out->len < sizeof part)
			strbuf_add(out, part, (size_t)n);
	}
	return false;
}

bool machine_package(const char *package, struct strbuf *version)
{
	int from, status;
	pid_t pid = start_query(package, &from);

	if (pid < 0)
		return false;
	bool whole = read_answer(from, version);
	close(from);
	if (!whole)
		kill(pid, SIGKILL);
	int rc;
	while ((rc = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	return rc == pid && whole && WIFEXITED(status) && WEXITSTATUS(status) == 0 && version->len > 0;
}

/* ---- permissions ---- */

enum key_file_state machine_key_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return KEY_FILE_MISSING;
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return KEY_FILE_FOREIGN;
	return (st.st_mode & 077) != 0 ? KEY_FILE_OPEN : KEY_FILE_FINE;
}

bool machine_folder_open(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & 077) != 0;
}
