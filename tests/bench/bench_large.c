/* SPDX-License-Identifier: Apache-2.0 */

/* A snapshot of 100,000 namespaces and 62,500 processes, 61 MB: how much CPU time and memory it
 * costs to read it, and how much CPU time each key needs until its screen is drawn. Each round has
 * a new app, so that the first key of a kind is measured, too. Of the rounds the shortest time
 * counts: other programs may run. `bench_large --keys [GROUP]` prints the time of each key, of all
 * groups or of that one (a number), to see what it costs in a profiler. */

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "snapshot/snapshot.h"
#include "tests/bench/bars.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SETS = 12500,  /* each has a namespace of each type; */
	MEMBERS = 5,   /* processes of a set */
	CONTAINED = 4, /* one of so many sets is a container */
	NEST = 10,     /* of so many sets, the first has the others below its user namespace */
	FIRST_PID = 1000,
	ROUNDS = 3,
	ROWS = 50,
	COLUMNS = 160,
	READ_BAR_MS = 800,
	READ_BAR_MIB = 100,
	KEY_BAR_MS = 16,
	SEARCH_BAR_MS = 30,
};

#define FIRST_INODE UINT64_C(4026532000)

/* --- the snapshot ---------------------------------------------------------------------------- */

/* The namespaces of a set, or of the host. */
struct bench_set {
	struct ns *ns[NS_TYPES];
	struct container *container; /* NULL: none */
};

static struct container *new_container(struct builder *builder, unsigned number)
{
	struct container identity = {.kind = CONTAINER_DOCKER, .trust = TRUST_ROOT};
	char id[65], name[32];

	for (size_t i = 0; i < 4; i++)
		snprintf(id + 16 * i, sizeof(id) - 16 * i, "%016" PRIx64,
		        ((uint64_t)number + i + 1) * UINT64_C(0x9e3779b97f4a7c15));
	identity.id = id;
	struct container *container = builder_container(builder, &identity, NULL);
	snprintf(name, sizeof(name), "web-%u", number);
	container->name = arena_strdup(builder_arena(builder), name);
	container->image = "registry.example/web:1";
	container->source = "cgroup";
	return container;
}

/* A namespace of each type, below those of `outer` (NULL: the initial ones). */
static struct bench_set new_set(
        struct builder *builder, unsigned number, const struct bench_set *outer)
{
	const uint64_t inode = FIRST_INODE + (uint64_t)number * NS_TYPES;
	struct bench_set set = {.container = NULL};

	set.ns[NS_USER] = fixture_user(builder, inode, outer ? outer->ns[NS_USER] : NULL,
	        outer ? 1000 + number % 50 : 0, outer ? NULL : "root");
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (type == NS_PID)
			set.ns[type] = fixture_pid(builder, inode + 1 + type,
			        outer ? outer->ns[NS_PID] : NULL, set.ns[NS_USER]);
		else if (type != NS_USER)
			set.ns[type] =
			        fixture_owned(builder, type, inode + 1 + type, set.ns[NS_USER]);
	}
	if (outer)
		fixture_hold_mount(builder, set.ns[NS_NET], "/run/netns/cni-4711");
	return set;
}

static void add_process(struct builder *builder, const struct bench_set *set, pid_t pid,
        unsigned member, const char *name)
{
	struct arena *arena = builder_arena(builder);
	struct process *process = fixture_process(builder, pid, name, set->ns[NS_USER]);
	const char **cmdline = arena_array(arena, 4, sizeof(*cmdline));
	pid_t *nspid = arena_array(arena, 2, sizeof(*nspid));

	cmdline[0] = "/usr/sbin/server";
	cmdline[1] = member ? "--worker" : "--master";
	cmdline[2] = "--name=web";
	nspid[0] = pid;
	nspid[1] = 1 + (pid_t)member;
	process->ppid = member ? pid - (pid_t)member : 1;
	process->started = 1000 + (uint64_t)pid;
	process->uid = 1000 + (uid_t)pid % 50;
	process->uid_state = REL_KNOWN;
	process->state = 'S';
	process->cmdline = set->container ? cmdline : NULL;
	process->cgroup = set->container ? "/docker/0123456789abcdef" : "/";
	process->container = set->container;
	process->nspid = nspid;
	process->n_nspid = member || pid >= FIRST_PID ? 2 : 1;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		process->ns[type] = set->ns[type];
}

static const struct model *make_model(void)
{
	static const char *const names[] = {"nginx", "java", "postgres", "redis-server", "Web"};
	struct builder *builder = builder_new();
	const struct bench_set host = new_set(builder, SETS, NULL);
	struct bench_set outer = host;

	*builder_host(builder) = (struct host){.name = "bench",
	        .kernel = "6.18",
	        .boot_id = "b",
	        .program = "p",
	        .booted = 1795000000,
	        .taken = 1795446240,
	        .hertz = 100,
	        .sources = (UINT32_C(1) << SOURCES) - 1};
	add_process(builder, &host, 1, 0, "systemd");
	for (unsigned i = 0; i < SETS; i++) {
		struct bench_set set = new_set(builder, i, i % NEST ? &outer : &host);

		if (i % CONTAINED == 0)
			set.container = new_container(builder, i);
		for (unsigned k = 0; k < MEMBERS; k++)
			add_process(builder, &set, FIRST_PID + (pid_t)(i * MEMBERS + k), k,
			        names[i % ARRAY_SIZE(names)]);
		if (i % NEST == 0)
			outer = set;
	}
	return fixture_freeze(builder, NULL);
}

static void write_file(int fd)
{
	FILE *out = fdopen(fd, "w");
	const struct model *model = make_model();

	snapshot_write(out, model, NULL, true);
	fflush(out);
	_exit(ferror(out));
}

/* --- reading it ------------------------------------------------------------------------------ */

static const struct model *read_file(int fd)
{
	struct snapshot_problem problem = {.what = "errno"};
	const struct model *model = NULL;

	lseek(fd, 0, SEEK_SET);
	if (snapshot_read(fd, NULL, &model, &problem) < 0) {
		printf("snapshot refused: %s\n", problem.what);
		exit(EXIT_FAILURE);
	}
	return model;
}

static int run_child(int fd, void (*run)(int fd), struct rusage *ret)
{
	int status = -1;
	const pid_t pid = fork();

	if (pid == 0) {
		run(fd);
		_exit(0);
	}
	return pid > 0 && wait4(pid, &status, 0, ret) == pid && status == 0 ? 0 : -1;
}

static void only_read(int fd)
{
	read_file(fd);
}

static double ms_of(const struct rusage *usage)
{
	return 1e3 * (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       1e-3 * (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

static bool measure_reading(int fd, struct bars *bars)
{
	double ms = 1e9, mib = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct rusage usage;

		if (run_child(fd, only_read, &usage) < 0)
			return false;
		ms = MIN(ms, ms_of(&usage));
		mib = MAX(mib, (double)usage.ru_maxrss / 1024);
	}
	bars_most(bars, "snapshot read, CPU", "ms", READ_BAR_MS, ms);
	bars_most(bars, "snapshot read, peak memory", "MiB", READ_BAR_MIB, mib);
	return true;
}

/* --- keys ------------------------------------------------------------------------------------ */

/* Words as in keys.def; `"` types the text behind it. Each group goes on where the last one has
 * stopped. */
static const struct {
	const char *what;
	double bar; /* ms for each key */
	const char *words;
} groups[] = {
        {"moving", KEY_BAR_MS, "Down Down Down PgDn PgDn PgDn PgUp End Up PgUp Home Down C-d C-u"},
        {"folds", KEY_BAR_MS, "Space Space Right Right Left Left Home Space Space * * + - +"},
        {"details d, with moving", KEY_BAR_MS, "d Down PgDn End Home Space Space d d d"},
        {"order I and sort", KEY_BAR_MS,
                "I I I F6 Down Enter F6 Down Enter F6 Down Enter End Home F6 Home Enter"},
        {"F5: user, PID, containers", KEY_BAR_MS, "F5 F5 Down Space Down F5 F5 End F5 Home F5"},
        {"all views of the menu", KEY_BAR_MS,
                "V Home Down Enter V Down Enter V Down Enter V Down Enter V Down Enter V Down "
                "Enter V Down Enter V Down Enter End Home Down V Down Enter V Down Enter End "
                "Home Down * Space Space V Home Enter V End Enter V Home Enter"},
        {"panes", KEY_BAR_MS, "Home Tab Down PgDn End Home Tab Down i Down i | | O O Enter q"},
        {"filters by owner, type, leaked", KEY_BAR_MS,
                "u Down Down Enter Down u Home Enter T Down Enter Down T Home Enter L Down L"},
        {"go to a number", KEY_BAR_MS, "V Home Enter 4 2 3 1 Enter n N 9 9 Esc"},
        {"search of text, user hierarchy", SEARCH_BAR_MS,
                "V Home Enter F3 \"web-12 Backspace Backspace \"4 Enter n N F3 \"zzz Esc"},
        {"filter by text, user hierarchy", SEARCH_BAR_MS,
                "V Home Enter F4 \"redis Backspace Backspace \"di Enter Down End Esc Esc"},
        {"search in the view of all types", SEARCH_BAR_MS,
                "V Home PgDn Up Up Enter F3 \"web-12 Backspace Backspace \"4 Enter n N F3 "
                "\"Web Enter"},
        {"search in processes", SEARCH_BAR_MS,
                "V End Enter F3 \"java Backspace Backspace \"va Enter n F4 \"nginx Enter"},
};

enum { KEYS_MAX = 128 };

struct bench_key {
	uint32_t key;
	double ms; /* the shortest of all rounds */
};

struct bench_keys {
	struct bench_key all[KEYS_MAX];
	size_t n;
};

/* The keys of a group, each character of a text is one. */
static void parse_words(struct bench_keys *ret, const char *words)
{
	ret->n = 0;
	while (*words) {
		const size_t len = strcspn(words, " ");

		for (size_t i = 1; *words == '"' && i < len; i++)
			ret->all[ret->n++] = (struct bench_key){(uint32_t)words[i], 1e9};
		if (*words != '"')
			ret->all[ret->n++] = (struct bench_key){
			        len == 1 ? (uint32_t)*words : keys_from_word(words, len), 1e9};
		assert_true(ret->n < KEYS_MAX && ret->all[ret->n - 1].key);
		words += len + (words[len] == ' ');
	}
}

static void send(struct app *app, const struct event *event)
{
	struct frame frame;

	app_handle(app, event);
	app_render(app, &frame);
	frame_release(&frame);
}

/* As the program does while no key comes: as often as there are parts of the work. */
static void prepare(struct app *app, double *longest, double *all)
{
	for (bool is_more = true; is_more;) {
		const double before = fixture_cpu_ms();

		is_more = app_prepare(app);
		*longest = MAX(*longest, fixture_cpu_ms() - before);
		*all += fixture_cpu_ms() - before;
	}
}

static void press_all(struct app *app, struct bench_keys *keys, double *longest, double *all)
{
	for (size_t i = 0; i < keys->n; i++) {
		const double before = fixture_cpu_ms();

		send(app, &(struct event){.kind = EVENT_KEY, .key = keys->all[i].key});
		keys->all[i].ms = MIN(keys->all[i].ms, fixture_cpu_ms() - before);
		prepare(app, longest, all);
	}
}

static struct app *open_app(const struct model *model)
{
	struct app_options options = {.is_live = false};

	settings_init(&options.settings);
	options.settings.values[SETTING_VIEW] = VIEW_USER;
	struct app *app = app_new(&options);
	send(app,
	        &(struct event){.kind = EVENT_RESIZE, .size = {.rows = ROWS, .columns = COLUMNS}});
	send(app, &(struct event){.kind = EVENT_MODEL,
	                  .scan = {.model = model_ref(model), .is_whole = true}});
	return app;
}

static int by_time(const void *a, const void *b)
{
	return COMPARE(((const struct bench_key *)a)->ms, ((const struct bench_key *)b)->ms);
}

static void report(size_t group, struct bench_keys *keys, bool with_keys, struct bars *bars)
{
	char what[80];

	for (size_t i = 0; with_keys && i < keys->n; i++) {
		const uint32_t key = keys->all[i].key;

		printf("    %-8.1f %s%c (%#x)\n", keys->all[i].ms, key < ' ' ? "C-" : "",
		        key < ' '   ? (char)(key + '@')
		        : key < 127 ? (char)key
		                    : '.',
		        key);
	}
	qsort(keys->all, keys->n, sizeof(*keys->all), by_time);
	snprintf(what, sizeof(what), "%s: slowest of %zu keys", groups[group].what, keys->n);
	bars_most(bars, what, "ms", groups[group].bar, keys->all[keys->n - 1].ms);
}

/* Of the groups from `first` to before `end`. */
static void measure_keys(
        const struct model *model, size_t first, size_t end, bool with_keys, struct bars *bars)
{
	static struct bench_keys keys[ARRAY_SIZE(groups)];
	double opening = 1e9, step = 1e9, whole = 1e9;

	for (size_t i = first; i < end; i++)
		parse_words(&keys[i], groups[i].words);
	for (int round = 0; round < ROUNDS; round++) {
		const double before = fixture_cpu_ms();
		struct app *app = open_app(model);

		opening = MIN(opening, fixture_cpu_ms() - before);
		double most = 0, all = 0;
		for (size_t i = first; i < end; i++)
			press_all(app, &keys[i], &most, &all);
		app_free(app);
		step = MIN(step, most);
		whole = MIN(whole, all);
	}
	bars_tell("first screen of the model", "ms", opening);
	bars_tell("work ahead of all these keys, while none comes", "ms", whole);
	bars_tell("  its longest step, which a key may wait for", "ms", step);
	for (size_t i = first; i < end; i++)
		report(i, &keys[i], with_keys, bars);
}

int main(int argc, char **argv)
{
	const bool with_keys = argc > 1 && strcmp(argv[1], "--keys") == 0;
	const size_t group = argc > 2 ? MIN((size_t)atoi(argv[2]), ARRAY_SIZE(groups) - 1) : 0;
	const int fd = memfd_create("snapshot", MFD_CLOEXEC);
	struct bars bars = {0};
	struct rusage usage;

	setlocale(LC_CTYPE, "");
	if (fd < 0 || run_child(fd, write_file, &usage) < 0)
		return EXIT_FAILURE;
	if (argc <= 2 && !measure_reading(fd, &bars))
		return EXIT_FAILURE;
	const struct model *model = read_file(fd);
	bars_tell("  the size of the snapshot", "MB", (double)lseek(fd, 0, SEEK_END) / 1e6);
	measure_keys(model, group, argc > 2 ? group + 1 : ARRAY_SIZE(groups), with_keys, &bars);
	model_unref(model);
	close(fd);
	return bars_status(&bars);
}
