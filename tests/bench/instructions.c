/* SPDX-License-Identifier: Apache-2.0 */

/* One piece of work on a snapshot, of which tests/bench/compare counts the instructions. All of
 * them are spent in the function `measured`, so that callgrind can leave out what only makes the
 * work ready. The program uses nothing but public functions of src: it is also linked with the
 * libraries of an older commit.
 *
 * usage: instructions --list            prints the names of the cases
 *        instructions CASE SNAPSHOT     does it once */

#include "base/attributes.h"
#include "base/descriptors.h"
#include "export/export.h"
#include "snapshot/snapshot.h"
#include "ui/app/app.h"
#include "view/pair_layout.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

enum { ROWS = 30, COLUMNS = 100, KEYS = 20, SNAPSHOT_MAX = 1 << 28 };

struct work {
	char *text; /* the snapshot */
	size_t len;
	const struct model *model;
	struct names *names;
	struct app *app; /* made by the cases of the screen */
	uint64_t now_ms;
	FILE *out; /* a file in memory */
};

static _noreturn_ void fail(const char *what)
{
	fprintf(stderr, "instructions: %s\n", what);
	exit(EXIT_FAILURE);
}

static const struct model *parse(const struct work *work)
{
	const struct model *model = NULL;
	struct snapshot_problem problem = {.what = ""};

	if (snapshot_parse(work->text, work->len, NULL, &model, &problem) < 0)
		fail(problem.what);
	return model;
}

/* --- the screen ------------------------------------------------------------------------------ */

static void draw(const struct work *work)
{
	struct frame frame;

	app_render(work->app, &frame);
	frame_release(&frame);
}

static void send(struct work *work, struct event event)
{
	event.now_ms = work->now_ms += 100;
	app_handle(work->app, &event);
	draw(work);
}

static void press(struct work *work, uint32_t key)
{
	send(work, (struct event){.kind = EVENT_KEY, .key = key});
}

/* The app owns the reference. */
static void show(struct work *work, const struct model *model)
{
	send(work, (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
}

/* All namespaces, unfolded. */
static void begin_screen(struct work *work)
{
	struct app_options options = {.is_live = true, .save_stem = "bench"};

	settings_init(&options.settings);
	options.settings.values[SETTING_VIEW] = VIEW_ALL;
	work->app = app_new(&options);
	send(work,
	        (struct event){.kind = EVENT_RESIZE, .size = {.rows = ROWS, .columns = COLUMNS}});
}

static void begin_list(struct work *work)
{
	begin_screen(work);
	show(work, parse(work));
}

/* The first model; after begin_list another one in which nothing has changed. */
static void run_model(struct work *work)
{
	show(work, model_ref(work->model));
}

static void run_keys(struct work *work)
{
	for (int i = 0; i < KEYS; i++)
		press(work, NSB_KEY_DOWN);
}

static void run_search(struct work *work)
{
	for (const char *key = "/nginx"; *key; key++)
		press(work, (unsigned char)*key);
}

static void run_filter(struct work *work)
{
	for (const char *key = "\\nginx\r"; *key; key++)
		press(work, (unsigned char)*key);
}

/* --- files ----------------------------------------------------------------------------------- */

static void run_read(struct work *work)
{
	model_unref(parse(work));
}

static void run_json(struct work *work)
{
	snapshot_write(work->out, work->model, NULL, true);
}

static void run_layout(struct work *work)
{
	struct pair_plan plan;
	int right, bottom;

	pair_plan_build(&plan, &(struct pair_options){.model = work->model});
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		pair_layout_place(&plan.trees[part], &(struct pair_spacing){0}, &right, &bottom);
	pair_plan_release(&plan);
}

static void export(struct work *work, int (*write)(FILE *, const struct export_request *))
{
	const struct export_request request = {
	        .model = work->model, .names = work->names, .view = {.kind = VIEW_USER}};

	if (write(work->out, &request) < 0)
		fail("a file was not written");
}

static void run_text(struct work *work)
{
	export(work, export_text);
}

static void run_svg(struct work *work)
{
	export(work, export_svg);
}

static void run_dot(struct work *work)
{
	export(work, export_dot);
}

/* --- the cases ------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*begin)(struct work *work); /* not counted; may be NULL */
	void (*run)(struct work *work);
} cases[] = {
        {"read", NULL, run_read},
        {"json", NULL, run_json},
        {"rows", begin_screen, run_model},
        {"keys", begin_list, run_keys},
        {"search", begin_list, run_search},
        {"filter", begin_list, run_filter},
        {"refresh", begin_list, run_model},
        {"layout", NULL, run_layout},
        {"svg", NULL, run_svg},
        {"dot", NULL, run_dot},
        {"text", NULL, run_text},
};

/* By this name tests/bench/compare counts: it must stay a function. */
static __attribute__((noinline)) void measured(void (*run)(struct work *work), struct work *work)
{
	run(work);
	if (fflush(work->out) != 0)
		fail("the file in memory is full");
}

static void load(struct work *work, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || descriptors_read_all(fd, SNAPSHOT_MAX, NULL, &work->text, &work->len) < 0)
		fail("the snapshot cannot be read");
	work->model = parse(work);
	work->names = names_new();
	names_add_model(work->names, work->model);
	work->out = fdopen(memfd_create("bench", MFD_CLOEXEC), "w");
	if (!work->out)
		fail("no file in memory");
}

static void release(struct work *work)
{
	app_free(work->app);
	names_free(work->names);
	model_unref(work->model);
	fclose(work->out);
	free(work->text);
}

int main(int argc, char **argv)
{
	struct work work = {0};
	size_t i = 0;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (; i < ARRAY_SIZE(cases); i++)
			puts(cases[i].name);
		return EXIT_SUCCESS;
	}
	while (argc == 3 && i < ARRAY_SIZE(cases) && strcmp(argv[1], cases[i].name) != 0)
		i++;
	if (argc != 3 || i == ARRAY_SIZE(cases))
		fail("usage: instructions --list | CASE SNAPSHOT");
	load(&work, argv[2]);
	if (cases[i].begin)
		cases[i].begin(&work);
	measured(cases[i].run, &work);
	release(&work);
	return EXIT_SUCCESS;
}
