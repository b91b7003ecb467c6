/* SPDX-License-Identifier: Apache-2.0 */
/* reuse SCANS PROGRAM: scans a PID namespace, of which this is the first process and the program is
 * started in it, while about a hundred PIDs are used again and again. Each process has one number:
 * its name, its command line and its UTS namespace are those of that number from its first moment
 * on, and its parent follows from it. A record of a scan that has parts of two numbers is mixed.
 *
 * Prints the sums. Exit status 0: none was mixed; 77: the kernel has one limit of PIDs for all
 * namespaces (before Linux 6.14), or refuses to set it. */
#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "snapshot/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PID_MAX = 400, /* below 300 the kernel gives none again, so there are 100 */
	SPAWNERS = 3,
	ALIVE = 15, /* of each */
	NUMBERS = 1 << 20,
	NAME_LEN = 7,
	WAIT_MS = 5000,
};

/* What is written of a number when its process has been made. */
struct made {
	atomic_int pid; /* 0: not yet */
	ino_t uts;
};

struct world {
	pid_t spawners[SPAWNERS];
	atomic_uint n_made[SPAWNERS];
	struct made all[NUMBERS];
};

struct sums {
	unsigned n_scans, n_failed, n_records, n_uts, n_cmdlines, n_mixed;
};

/* --- processes that come and go -------------------------------------------------------------- */

/* The name of a number, in comm and over the first argument. */
static void take_number(char *title, unsigned number)
{
	char name[NAME_LEN + 1];

	snprintf(name, sizeof(name), "m%06u", number % 1000000);
	memcpy(title, name, NAME_LEN);
	prctl(PR_SET_NAME, name);
}

static ino_t uts_of(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/ns/uts", pid);
	struct stat st;

	return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* A child has all of its number when it begins. */
static pid_t make_process(struct made *made)
{
	const pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWUTS | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0) {
		for (;;)
			pause();
	}
	if (pid > 0) {
		made->uts = uts_of(pid);
		made->pid = pid;
	}
	return pid;
}

_noreturn_ static void spawn(struct world *world, unsigned spawner, char *title)
{
	pid_t alive[ALIVE] = {0};
	unsigned n = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned number = spawner; number < NUMBERS;) {
		pid_t *const slot = &alive[n++ % ALIVE];

		if (*slot) {
			kill(*slot, SIGKILL);
			waitpid(*slot, NULL, 0);
			*slot = 0;
		}
		take_number(title, number);
		const pid_t pid = make_process(&world->all[number]);
		if (pid > 0) {
			*slot = pid;
			number += SPAWNERS;
			world->n_made[spawner]++;
		}
	}
	_exit(0);
}

/* --- scans ----------------------------------------------------------------------------------- */

/* NULL: the scan failed. */
static const struct model *scan(char *program)
{
	_cleanup_close_ int out = memfd_create("out", MFD_CLOEXEC);
	char json[] = "--json", cmdline[] = "--cmdline";
	char *argv[] = {program, json, cmdline, NULL};
	const struct model *model;
	struct snapshot_problem problem;
	int status;

	const pid_t child = fork();
	if (child < 0)
		return NULL;
	if (child == 0) {
		dup2(out, STDOUT_FILENO);
		execv(program, argv);
		_exit(126);
	}
	waitpid(child, &status, 0);
	if (status != 0 || lseek(out, 0, SEEK_SET) < 0)
		return NULL;
	return snapshot_read(out, NULL, &model, &problem) == 0 ? model : NULL;
}

/* The number of a name; false: it has none. */
static bool parse_number(const char *name, unsigned *ret)
{
	if (name[0] != 'm' || strlen(name) != NAME_LEN || strspn(name + 1, "0123456789") != 6)
		return false;
	*ret = (unsigned)strtoul(name + 1, NULL, 10);
	return true;
}

static bool is_spawner(const struct world *world, pid_t pid)
{
	bool is_one = false;

	for (unsigned i = 0; i < SPAWNERS; i++)
		is_one |= world->spawners[i] == pid;
	return is_one;
}

/* Waits until its parent has written what it knows of the number. */
static bool is_made(const struct made *made)
{
	const int64_t end = monotonic_ms() + WAIT_MS;

	while (!made->pid && monotonic_ms() < end)
		sched_yield();
	return made->pid != 0;
}

static void check_process(
        const struct world *world, const struct process *process, struct sums *sums)
{
	unsigned number;

	if (!parse_number(process->comm, &number) || is_spawner(world, process->pid))
		return;
	const struct made *const made = &world->all[number];
	const struct ns *const uts = process->ns[NS_UTS];
	const char *const title = process->cmdline ? process->cmdline[0] : NULL;
	/* The kernel shows no parent of a process that is just reaped, and no namespace. */
	const bool is_reaped = process->ppid == 0 && !uts;
	bool is_mixed = !is_made(made) || made->pid != process->pid ||
	                (process->ppid != world->spawners[number % SPAWNERS] && !is_reaped) ||
	                strcmp(process->name, process->comm) != 0;

	is_mixed |= uts && uts->inode != made->uts && made->uts != 0;
	is_mixed |= title && strncmp(title, process->comm, NAME_LEN) != 0;
	sums->n_records++;
	sums->n_uts += uts != NULL;
	sums->n_cmdlines += title != NULL;
	if (!is_mixed)
		return;
	sums->n_mixed++;
	printf("PID %d (of that number: %d), parent %d: comm %s, name %s, title %s, uts %llu "
	       "(%llu)\n",
	        process->pid, made->pid, process->ppid, process->comm, process->name,
	        title ? title : "-", uts ? (unsigned long long)uts->inode : 0,
	        (unsigned long long)made->uts);
}

static void check_scan(const struct world *world, char *program, struct sums *sums)
{
	const struct model *const model = scan(program);

	sums->n_scans++;
	if (!model) {
		sums->n_failed++;
		return;
	}
	for (size_t i = 0; i < model->n_processes; i++)
		check_process(world, model->processes[i], sums);
	model_unref(model);
}

/* --- the limit ------------------------------------------------------------------------------- */

/* Before Linux 6.14 the limit is that of the whole host: it is not touched then. */
static bool has_own_limit(void)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	return major > 6 || (major == 6 && minor >= 14);
}

static int set_limit(void)
{
	_cleanup_close_ int fd = open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
	_cleanup_free_ char *text = memory_printf("%d\n", PID_MAX);

	if (!has_own_limit()) {
		puts("this kernel has one pid_max for all PID namespaces");
		return 77;
	}
	if (getpid() != 1 || fd < 0 || write(fd, text, strlen(text)) < 0) {
		printf("pid_max: %s\n", getpid() == 1 ? strerror(errno) : "no PID namespace");
		return 77;
	}
	return 0;
}

static unsigned count_made(const struct world *world)
{
	unsigned n = 0;

	for (unsigned i = 0; i < SPAWNERS; i++)
		n += world->n_made[i];
	return n;
}

int main(int argc, char **argv)
{
	struct sums sums = {.n_scans = 0};
	const unsigned n_scans = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	struct world *const world = mmap(
	        NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (!n_scans || strlen(argv[0]) < NAME_LEN || world == MAP_FAILED) {
		fputs("usage: reuse SCANS PROGRAM\n", stderr);
		return 2;
	}
	const int r = set_limit();
	if (r != 0)
		return r;
	for (unsigned i = 0; i < SPAWNERS; i++) {
		const pid_t spawner = fork();
		if (spawner == 0) {
			/* The whole command line is the number. */
			memset(argv[0] + NAME_LEN, 0, strlen(argv[0]) - NAME_LEN);
			spawn(world, i, argv[0]);
		}
		world->spawners[i] = spawner;
	}
	while (sums.n_scans < n_scans && count_made(world) < NUMBERS - SPAWNERS)
		check_scan(world, argv[2], &sums);
	const unsigned n_made = count_made(world);
	printf("%u scans while %u processes used %d PIDs: %u records, %u with UTS namespace, %u "
	       "with command line, %u scans failed, %u mixed\n",
	        sums.n_scans, n_made, PID_MAX - 300, sums.n_records, sums.n_uts, sums.n_cmdlines,
	        sums.n_failed, sums.n_mixed);
	return sums.n_mixed > 0 || sums.n_records == 0 || sums.n_failed > sums.n_scans / 2;
}
