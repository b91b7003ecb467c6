/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenes/hung.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>

enum { REQUEST_MAX = 64 * 1024 };

/* Node numbers are places in this table, from 2. */
static const struct {
	const char *name;
	unsigned mode;
} nodes[] = {
        {"dir", S_IFDIR | 0755},
        {"file", S_IFREG | 0644},
        {"ns1", S_IFREG | 0644},
        {"ns2", S_IFREG | 0644},
};

struct hung {
	atomic_bool is_silent;
	pid_t pid; /* of the server */
	int fuse;
	char path[64];
};

static void reply(
        int fuse, const struct fuse_in_header *in, int error, const void *out, size_t size)
{
	struct fuse_out_header header = {
	        .len = (unsigned)(sizeof(header) + size), .error = error, .unique = in->unique};
	struct iovec parts[] = {{&header, sizeof(header)}, {0}};

	/* struct iovec has no const. */
	memcpy(&parts[1].iov_base, &out, sizeof(out));
	parts[1].iov_len = size;
	if (writev(fuse, parts, size ? 2 : 1) < 0 && errno != ENOENT)
		stage_fail("answer of the file server", errno);
}

static struct fuse_attr attributes(uint64_t node)
{
	struct fuse_attr attr = {.ino = node, .mode = S_IFDIR | 0755, .nlink = 1, .blksize = 4096};

	if (node >= 2 && node < 2 + ARRAY_SIZE(nodes))
		attr.mode = nodes[node - 2].mode;
	if (S_ISREG(attr.mode))
		attr.size = HUNG_FILE_SIZE;
	return attr;
}

static void answer_lookup(int fuse, const struct fuse_in_header *in, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		if (strcmp(name, nodes[i].name) == 0) {
			/* Valid for no time at all: every look is a question. */
			const struct fuse_entry_out out = {
			        .nodeid = i + 2, .attr = attributes(i + 2)};
			reply(fuse, in, 0, &out, sizeof(out));
			return;
		}
	reply(fuse, in, -ENOENT, NULL, 0);
}

/* Zeros. */
static void answer_read(int fuse, const struct fuse_in_header *in, const struct fuse_read_in *read)
{
	static const char zeros[HUNG_FILE_SIZE];
	const size_t left = read->offset < sizeof(zeros) ? sizeof(zeros) - (size_t)read->offset : 0;

	reply(fuse, in, 0, zeros, read->size < left ? read->size : left);
}

static void answer_init(int fuse, const struct fuse_in_header *in, const struct fuse_init_in *init)
{
	const struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION,
	        .minor = FUSE_KERNEL_MINOR_VERSION,
	        .max_readahead = init->max_readahead,
	        .max_write = 4096};

	reply(fuse, in, 0, &out, sizeof(out));
}

static void answer(int fuse, const char *request)
{
	struct fuse_in_header in;
	const char *const body = request + sizeof(in);
	struct fuse_attr_out attr = {0};
	struct fuse_init_in init;
	struct fuse_read_in read;
	const struct fuse_open_out open = {0};
	const struct fuse_statfs_out statfs = {.st = {.bsize = 4096, .namelen = 255}};

	memcpy(&in, request, sizeof(in));
	switch (in.opcode) {
	case FUSE_INIT:
		memcpy(&init, body, sizeof(init));
		answer_init(fuse, &in, &init);
		break;
	case FUSE_LOOKUP:
		answer_lookup(fuse, &in, body);
		break;
	case FUSE_GETATTR:
		attr.attr = attributes(in.nodeid);
		reply(fuse, &in, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		reply(fuse, &in, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		memcpy(&read, body, sizeof(read));
		answer_read(fuse, &in, &read);
		break;
	case FUSE_STATFS: /* an overlay wants it of its lower layer */
		reply(fuse, &in, 0, &statfs, sizeof(statfs));
		break;
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		reply(fuse, &in, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default: /* no FLUSH is sent after this: close(2) never hangs */
		reply(fuse, &in, -ENOSYS, NULL, 0);
	}
}

static void serve(struct stage *stage, void *arg)
{
	struct hung *const hung = arg;
	static char request[REQUEST_MAX]
	        __attribute__((aligned(__alignof__(struct fuse_in_header))));

	(void)stage;
	for (;;) {
		memset(request, 0, sizeof(struct fuse_in_header) + 512);
		const ssize_t n = read(hung->fuse, request, sizeof(request) - 1);
		if (n < 0 && errno == ENODEV)
			return;
		if (n < (ssize_t)sizeof(struct fuse_in_header))
			continue;
		request[n] = '\0';
		if (!atomic_load(&hung->is_silent))
			answer(hung->fuse, request);
	}
}

static int mount_it(struct stage *stage, void *arg)
{
	struct hung *const hung = arg;
	char options[128];

	(void)stage;
	hung->fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (hung->fuse < 0)
		return stage_fail("/dev/fuse", errno);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
	        hung->fuse);
	if (mount("hung", hung->path, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return stage_fail("mount of a file server", errno);
	return 0;
}

/* Has the server refuse to FLUSH, once. */
static int close_once(const struct hung *hung)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/file", hung->path);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? stage_fail(path, errno) : 0;
}

int hung_start(struct stage *stage, const char *name, struct hung **ret)
{
	struct hung *const hung = stage_shared(sizeof(*hung));
	const struct actor server = {.setup = mount_it, .then = serve, .arg = hung};

	snprintf(hung->path, sizeof(hung->path), "%s/%s", stage->dir, name);
	if (mkdir(hung->path, 0755) < 0)
		return stage_fail(hung->path, errno);
	const pid_t pid = stage_start(stage, &server);
	if (pid < 0)
		return pid;
	hung->pid = pid;
	*ret = hung;
	return close_once(hung);
}

void hung_be_silent(struct hung *hung)
{
	atomic_store(&hung->is_silent, true);
}

void hung_stop(struct hung *hung)
{
	kill(hung->pid, SIGSTOP);
}
