/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenes/truth.h"

#include "base/escape.h"
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"
#include "tests/scenes/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NAMESPACES_MAX = 2048,
	HOLDERS_MAX = 4096,
	LINES_MAX = 1024,
	DETAIL_MAX = 1536, /* 255 bytes of a name, each as \xNN, and a directory */
};

struct holder {
	unsigned ns;
	uint64_t mnt;
	char kind[16];
	char detail[DETAIL_MAX];
};

struct truth {
	unsigned n_ns;
	unsigned n_holders;
	unsigned n_lines;
	struct truth_ns ns[NAMESPACES_MAX];
	struct holder holders[HOLDERS_MAX];
	char lines[LINES_MAX][128];
};

struct truth *truth_new(void)
{
	return stage_shared(sizeof(struct truth));
}

void truth_reset(struct truth *truth)
{
	truth->n_ns = truth->n_holders = truth->n_lines = 0;
}

/* A relation's inode number; 0 if there is none, or the kernel does not tell: it is outside, or
 * there is no such request (tests/degraded). */
static int related(int ns, unsigned request, uint64_t *ret_inode, int *ret_fd)
{
	struct stat st;
	const int fd = ioctl(ns, request);

	*ret_inode = 0;
	*ret_fd = -EBADF;
	if (fd < 0)
		return errno == EPERM || errno == EINVAL || errno == ENOTTY
		               ? 0
		               : stage_fail("relation", errno);
	if (fstat(fd, &st) < 0)
		return stage_fail("fstat of a relation", errno);
	*ret_inode = st.st_ino;
	*ret_fd = fd;
	return 0;
}

/* CLONE_NEW*; without NS_GET_NSTYPE, as the text of a link says. */
static int type_of(int ns)
{
	char link[64], text[64];
	const int type = ioctl(ns, NS_GET_NSTYPE);

	if (type >= 0 || errno != ENOTTY)
		return type;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", ns);
	const ssize_t n = readlink(link, text, sizeof(text) - 1);
	if (n < 0)
		return -1;
	text[n] = '\0';
	text[strcspn(text, ":")] = '\0';
	errno = ENOTTY;
	return nsrel_type_from_name(text);
}

static int read_all(int ns, struct truth_ns *ret, int *ret_parent, int *ret_owner)
{
	struct stat st;

	*ret_parent = *ret_owner = -EBADF;
	ret->type = type_of(ns);
	if (ret->type < 0)
		return stage_fail("type of a namespace", errno);
	if (fstat(ns, &st) < 0)
		return stage_fail("fstat of a namespace", errno);
	ret->inode = st.st_ino;
	const int r = related(ns, NS_GET_PARENT, &ret->parent, ret_parent);
	return r < 0 ? r : related(ns, NS_GET_USERNS, &ret->owner, ret_owner);
}

int truth_read(int ns, struct truth_ns *ret)
{
	_cleanup_close_ int parent = -EBADF, owner = -EBADF;

	return read_all(ns, ret, &parent, &owner);
}

static int find(const struct truth *truth, int type, uint64_t inode)
{
	for (unsigned i = 0; i < truth->n_ns; i++)
		if (truth->ns[i].type == type && truth->ns[i].inode == inode)
			return (int)i;
	return -1;
}

/* Takes in the namespace and those above it. At most 33 levels of users, 33 of PIDs. */
static int take_in(struct truth *truth, int ns, unsigned *ret_index)
{
	_cleanup_close_ int parent = -EBADF, owner = -EBADF;
	struct truth_ns found;
	unsigned above;

	int r = read_all(ns, &found, &parent, &owner);
	if (r < 0)
		return r;
	const int known = find(truth, found.type, found.inode);
	if (known >= 0) {
		*ret_index = (unsigned)known;
		return 0;
	}
	if (truth->n_ns == NAMESPACES_MAX)
		return stage_fail("too many namespaces", E2BIG);
	*ret_index = truth->n_ns++;
	truth->ns[*ret_index] = found;
	if (parent >= 0)
		r = take_in(truth, parent, &above);
	if (r == 0 && owner >= 0)
		r = take_in(truth, owner, &above);
	return r;
}

static int add(struct truth *truth, int ns, const char *kind, const char *detail, uint64_t mnt)
{
	unsigned index;
	const int r = take_in(truth, ns, &index);

	if (r < 0)
		return r;
	if (truth->n_holders == HOLDERS_MAX)
		return stage_fail("too many holders", E2BIG);
	struct holder *const holder = &truth->holders[truth->n_holders++];
	holder->ns = index;
	holder->mnt = mnt;
	snprintf(holder->kind, sizeof(holder->kind), "%s", kind);
	const int len = snprintf(holder->detail, sizeof(holder->detail), "%s", detail);
	return len < (int)sizeof(holder->detail) ? 0 : stage_fail("detail", ENAMETOOLONG);
}

int truth_add(struct truth *truth, int ns, const char *holder, const char *detail)
{
	return add(truth, ns, holder, detail, 0);
}

static int add_link(struct truth *truth, const char *link, const char *kind, const char *detail)
{
	_cleanup_close_ int ns = open(link, O_RDONLY | O_CLOEXEC);

	return ns < 0 ? stage_fail(link, errno) : truth_add(truth, ns, kind, detail);
}

int truth_process(struct truth *truth, pid_t pid, int type)
{
	char link[64], detail[32];

	snprintf(link, sizeof(link), "/proc/self/ns/%s", nsrel_type_name(type));
	if (access(link, F_OK) < 0 && errno == ENOENT)
		return 0;
	snprintf(link, sizeof(link), "/proc/%d/ns/%s", (int)pid, nsrel_type_name(type));
	snprintf(detail, sizeof(detail), "%d", (int)pid);
	return add_link(truth, link, "process", detail);
}

static int add_thread(
        struct truth *truth, pid_t pid, pid_t tid, int type, const char *suffix, const char *kind)
{
	char link[96], detail[32];

	snprintf(link, sizeof(link), "/proc/%d/task/%d/ns/%s%s", (int)pid, (int)tid,
	        nsrel_type_name(type), suffix);
	snprintf(detail, sizeof(detail), "%d/%d", (int)pid, (int)tid);
	return add_link(truth, link, kind, detail);
}

int truth_thread(struct truth *truth, pid_t pid, pid_t tid, int type)
{
	return add_thread(truth, pid, tid, type, "", "thread");
}

int truth_for_children(struct truth *truth, pid_t pid, pid_t tid, int type)
{
	return add_thread(truth, pid, tid, type, "_for_children", "for_children");
}

int truth_fd(struct truth *truth, pid_t pid, int fd)
{
	char link[64], detail[32];

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, fd);
	snprintf(detail, sizeof(detail), "%d/%d", (int)pid, fd);
	return add_link(truth, link, "fd", detail);
}

static int add_mounted(struct truth *truth, int ns, const char *kind, const char *path)
{
	struct stat st;
	_cleanup_free_ char *escaped = escape_text(path);

	if (stat("/proc/self/ns/mnt", &st) < 0)
		return stage_fail("own mount namespace", errno);
	return add(truth, ns, kind, escaped, st.st_ino);
}

int truth_mount(struct truth *truth, int ns, const char *path)
{
	return add_mounted(truth, ns, "mount", path);
}

int truth_pin(struct truth *truth, int ns, const char *path)
{
	return add_mounted(truth, ns, "pin", path);
}

int truth_line(struct truth *truth, const char *format, ...)
{
	va_list args;

	if (truth->n_lines == LINES_MAX)
		return stage_fail("too many lines", E2BIG);
	va_start(args, format);
	vsnprintf(truth->lines[truth->n_lines++], sizeof(truth->lines[0]), format, args);
	va_end(args);
	return 0;
}

static void write_number(FILE *out, uint64_t inode)
{
	if (inode)
		fprintf(out, "\t%" PRIu64, inode);
	else
		fputs("\t-", out);
}

static void write_line(
        FILE *out, const struct truth_ns *ns, const char *kind, const char *detail, uint64_t mnt)
{
	fprintf(out, "%s\t%" PRIu64 "\t%s\t%s", nsrel_type_name(ns->type), ns->inode, kind, detail);
	write_number(out, ns->parent);
	write_number(out, ns->owner);
	if (mnt)
		write_number(out, mnt);
	fputc('\n', out);
}

/* A namespace is also held by the children and, if it is a user namespace, by all it owns. */
static void write_below(FILE *out, const struct truth *truth, const struct truth_ns *above)
{
	char detail[64];

	for (unsigned i = 0; i < truth->n_ns; i++) {
		const struct truth_ns *const ns = &truth->ns[i];
		const bool is_child = ns->type == above->type && ns->parent == above->inode;

		if (!is_child && (above->type != CLONE_NEWUSER || ns->owner != above->inode))
			continue;
		snprintf(detail, sizeof(detail), "%s:[%" PRIu64 "]", nsrel_type_name(ns->type),
		        ns->inode);
		write_line(out, above, is_child ? "child" : "owns", detail, 0);
	}
}

int truth_write(const struct truth *truth, const char *path)
{
	char temporary[256];
	int r = 0;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	FILE *const out = fopen(temporary, "we");
	if (!out)
		return stage_fail(temporary, errno);
	for (unsigned i = 0; i < truth->n_ns; i++) {
		for (unsigned j = 0; j < truth->n_holders; j++)
			if (truth->holders[j].ns == i)
				write_line(out, &truth->ns[i], truth->holders[j].kind,
				        truth->holders[j].detail, truth->holders[j].mnt);
		write_below(out, truth, &truth->ns[i]);
	}
	for (unsigned i = 0; i < truth->n_lines; i++)
		fprintf(out, "%s\n", truth->lines[i]);
	if (ferror(out))
		r = -EIO;
	if (fclose(out) != 0 || r < 0)
		return stage_fail(temporary, EIO);
	return rename(temporary, path) < 0 ? stage_fail(path, errno) : 0;
}
