/* SPDX-License-Identifier: Apache-2.0 */

/* How long a snapshot of 64 MiB takes to be read and written: processes with the command lines of
 * a host that runs containers, each in eight namespaces. */

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "model/builder.h"
#include "snapshot/snapshot.h"
#include "tests/bench/bars.h"
#include "tests/unit.h"

#include <time.h>

enum { FILE_SIZE = 64 << 20, TIMES = 5, CONTAINER = 12, BAR_MS = 2000 };

static void add_process(struct builder *builder, pid_t pid, struct ns *const *namespaces)
{
	struct arena *arena = builder_arena(builder);
	struct process *process = builder_process(builder, pid);
	const char **cmdline = arena_array(arena, 5, sizeof(*cmdline));
	pid_t *nspid = arena_array(arena, 2, sizeof(*nspid));
	const bool is_odd = pid % 50 == 0;

	cmdline[0] = "/usr/lib/jvm/java-17-openjdk-amd64/bin/java";
	cmdline[1] = "-Dlogging.config=/etc/service/logback.xml";
	cmdline[2] = is_odd ? "--name=\xc3\xbc\tb\"er" : "--port=8443";
	cmdline[3] = is_odd ? "\xff\xfe" : "org.example.service.Main";
	nspid[0] = pid;
	nspid[1] = pid % 1000 + 1;
	process->ppid = pid - pid % CONTAINER;
	process->started = 1000 + (uint64_t)pid;
	process->uid = 1000;
	process->uid_state = REL_KNOWN;
	process->state = 'S';
	process->comm = "java";
	process->name = "java";
	process->cmdline = cmdline;
	process->cgroup = "/system.slice/docker-0123456789abcdef0123456789abcdef.scope";
	process->nspid = nspid;
	process->n_nspid = 2;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		process->ns[type] = namespaces[type];
}

static void add_container(struct builder *builder, unsigned number, struct ns *user, struct ns *pid)
{
	struct ns *namespaces[NS_TYPES];

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		struct ns *ns = builder_ns(
		        builder, type, 4, UINT64_C(4026532000) + number * NS_TYPES + type, NULL);

		namespaces[type] = ns;
		ns->owner = (struct relation){REL_KNOWN, user};
		if (type == NS_PID)
			ns->parent = (struct relation){REL_KNOWN, pid};
		if (type == NS_NET)
			builder_hold(builder, ns,
			        &(struct holder){.kind = HOLDER_MOUNT,
			                .path = "/run/netns/cni-4711",
			                .mnt = 77});
	}
	namespaces[NS_USER] = user;
	for (unsigned i = 0; i < CONTAINER; i++)
		add_process(builder, (pid_t)(1 + number * CONTAINER + i), namespaces);
}

static const struct model *model_of(unsigned containers)
{
	struct builder *builder = builder_new();
	struct ns *user = builder_ns(builder, NS_USER, 4, 4026531837, NULL);
	struct ns *pid = builder_ns(builder, NS_PID, 4, 4026531836, NULL);
	const struct model *model = NULL;

	user->parent.state = user->owner.state = REL_INITIAL;
	pid->parent.state = REL_INITIAL;
	pid->owner = (struct relation){REL_KNOWN, user};
	*builder_host(builder) = (struct host){
	        .name = "bench", .kernel = "6.1", .boot_id = "b", .program = "p", .hertz = 100};
	for (unsigned i = 0; i < containers; i++) {
		struct ns *below = builder_ns(builder, NS_USER, 4, 4026500000 + i, NULL);

		below->parent = below->owner = (struct relation){REL_KNOWN, user};
		add_container(builder, i, below, pid);
	}
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

static size_t size_of(const struct model *model)
{
	_cleanup_fclose_ FILE *out = tmpfile();

	snapshot_write(out, model, NULL, true);
	return (size_t)ftell(out);
}

/* CPU time: the file is in memory, and other programs may run. */
static int64_t cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t shortest(int64_t (*measure)(const struct model *model, FILE *file),
        const struct model *model, FILE *file)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < TIMES; i++) {
		rewind(file);
		best = MIN(best, measure(model, file));
	}
	return best;
}

static int64_t write_ms(const struct model *model, FILE *file)
{
	const int64_t before = cpu_ms();

	snapshot_write(file, model, NULL, true);
	assert_int_equal(fflush(file), 0);
	return cpu_ms() - before;
}

static int64_t read_ms(const struct model *model, FILE *file)
{
	const struct model *again = NULL;
	struct snapshot_problem problem = {.what = ""};
	const int64_t before = cpu_ms();

	if (snapshot_read(fileno(file), NULL, &again, &problem) < 0)
		fail_msg("%s", problem.what);
	const int64_t took = cpu_ms() - before;
	assert_int_equal(again->n_processes, model->n_processes);
	model_unref(again);
	return took;
}

static void measure(struct bars *bars)
{
	const struct model *sample = model_of(100);
	const unsigned containers = (unsigned)(FILE_SIZE / (size_of(sample) / 100));
	const struct model *model = model_of(containers);
	_cleanup_fclose_ FILE *file = tmpfile();
	const int64_t writing = shortest(write_ms, model, file);
	const long size = ftell(file);
	const int64_t reading = shortest(read_ms, model, file);
	char text[80];

	snprintf(text, sizeof(text), "snapshot of %ld MiB written, %zu processes, CPU", size >> 20,
	        model->n_processes);
	bars_tell(text, "ms", (double)writing);
	bars_most(bars, "the same read, CPU", "ms", BAR_MS, (double)reading);
	model_unref(sample);
	model_unref(model);
}

int main(void)
{
	struct bars bars = {0};

	measure(&bars);
	return bars_status(&bars);
}
