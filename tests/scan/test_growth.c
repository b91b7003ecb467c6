/* SPDX-License-Identifier: Apache-2.0 */
/* Twice the processes take twice the calls and about twice the time: no list is searched from its
 * start for each process. */
#include "base/arena.h"
#include "base/attributes.h"
#include "model/builder.h"
#include "tests/scan/checked_scan.h"

#include <string.h>
#include <time.h>

enum {
	DEV = 4,
	SETS = 20,
	FEW = 10000, /* processes; and twice as many */
	TIMES = 3,
	TIMES_MAX = 10,
};

#define GROWTH 2.2

static const uint64_t first_inode = UINT64_C(4026531834);

static struct ns *add_ns(struct builder *builder, enum nstype type, uint64_t inode,
        const struct ns *user, const struct ns *pid)
{
	struct ns *ns = builder_ns(builder, type, DEV, inode, NULL);
	const struct relation initial = {.state = REL_INITIAL};

	ns->id = inode - first_inode + 1;
	if (type == NS_USER || type == NS_PID)
		ns->parent =
		        user ? (struct relation){REL_KNOWN, type == NS_USER ? user : pid} : initial;
	ns->owner = user ? (struct relation){REL_KNOWN, user} : initial;
	if (type == NS_USER)
		ns->owner_uid_state = REL_KNOWN;
	return ns;
}

/* The namespaces of the host, and sets of those types that a container has. */
static void add_namespaces(struct builder *builder, struct ns *sets[SETS][NS_TYPES])
{
	static const enum nstype types[] = {NS_NET, NS_UTS, NS_IPC, NS_MNT};
	struct ns *user = add_ns(builder, NS_USER, first_inode, NULL, NULL);

	for (enum nstype type = 0; type < NS_TYPES; type++)
		sets[0][type] = type == NS_USER ? user
		                                : add_ns(builder, type, first_inode + 1 + type,
		                                          type == NS_PID ? NULL : user, NULL);
	sets[0][NS_PID]->owner = (struct relation){REL_KNOWN, user};
	for (int i = 1; i < SETS; i++) {
		memcpy(sets[i], sets[0], sizeof(sets[0]));
		for (size_t j = 0; j < ARRAY_SIZE(types); j++)
			sets[i][types[j]] = add_ns(builder, types[j],
			        first_inode + 100 + (uint64_t)i * 10 + j, user, NULL);
	}
}

/* A host with so many processes: each set is a tree of its own. One reference, the caller's. */
static const struct model *host_of(int n_processes)
{
	struct builder *builder = builder_new();
	struct host *host = builder_host(builder);
	struct ns *sets[SETS][NS_TYPES];
	const struct model *model = NULL;

	host->name = host->kernel = host->boot_id = host->program = "";
	host->sources = SCAN_SOURCES_DEFAULT;
	add_namespaces(builder, sets);
	for (pid_t pid = 1; pid <= n_processes; pid++) {
		struct process *process = builder_process(builder, pid);
		pid_t *nspid = arena_alloc(builder_arena(builder), sizeof(*nspid));

		*nspid = pid;
		process->nspid = nspid;
		process->n_nspid = 1;
		process->ppid = pid <= SETS ? pid > 1 : pid - SETS;
		process->started = (uint64_t)pid;
		process->uid_state = REL_KNOWN;
		process->state = 'S';
		process->comm = process->name = "process";
		process->cgroup = "/";
		memcpy(process->ns, sets[pid % SETS], sizeof(process->ns));
	}
	if (builder_freeze(builder, &model, NULL) < 0)
		abort();
	return model;
}

/* --- time ------------------------------------------------------------------------------------ */

static const struct scan_options OPTIONS = {
        .sources = SCAN_SOURCES_DEFAULT, .with_cgroups = true, .n_threads = 1, .program = "test 1"};

static double cpu_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

struct measured {
	double ms;
	size_t n_calls;
};

/* A scan from nothing, and one after it. */
static void measure(struct fake_kernel *fake, struct measured *best)
{
	const struct model *first = NULL, *second = NULL;
	const double start = cpu_ms();

	assert_int_equal(scan_run(fake_kernel(fake), &OPTIONS, NULL, NULL, NULL, &first), 0);
	assert_int_equal(scan_run(fake_kernel(fake), &OPTIONS, first, NULL, NULL, &second), 0);
	model_unref(first);
	model_unref(second);
	const double took = cpu_ms() - start;
	best->ms = best->ms > 0 ? MIN(best->ms, took) : took;
	best->n_calls = fake_kernel_count(fake, FAKE_ANY, 0, NULL);
	fake_kernel_reset(fake);
}

static void twice_the_processes(void **state)
{
	const struct model *hosts[] = {host_of(FEW), host_of(2 * FEW)};
	struct fake_kernel *fakes[] = {fake_kernel_new(hosts[0]), fake_kernel_new(hosts[1])};
	struct measured measured[2] = {{0}};

	(void)state;
	double time = GROWTH + 1;
	/* On a busy host some are slower, but not all. */
	for (int i = 0; i < TIMES || (i < TIMES_MAX && time > GROWTH); i++) {
		measure(fakes[0], &measured[0]);
		measure(fakes[1], &measured[1]);
		time = measured[1].ms / measured[0].ms;
	}
	const double calls = (double)measured[1].n_calls / (double)measured[0].n_calls;
	printf("# R14: %d and %d processes of a fake kernel: %.2f times the calls, %.2f times the "
	       "CPU time\n",
	        FEW, 2 * FEW, calls, time);
	assert_true(calls <= GROWTH);
	assert_true(HAS_ADDRESS_SANITIZER || time <= GROWTH);
	for (int i = 0; i < 2; i++) {
		kernel_free(fake_kernel(fakes[i]));
		model_unref(hosts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(twice_the_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
