/* SPDX-License-Identifier: Apache-2.0 */

/* Other people's readers take what we write, whatever the names are: xmllint the SVG, dot the DOT,
 * and xmllint what dot makes of it. Needs the programs; one that is not there is skipped. */

#include "base/attributes.h"
#include "base/memory.h"
#include "export/export.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <cgraph.h>
#include <dirent.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILES = 64, SKIPPED = 77 };

static char xmllint[] = "xmllint", noout[] = "--noout", version[] = "--version";
static char dot[] = "dot", to_svg[] = "-Tsvg", to_canon[] = "-Tcanon", beside[] = "-O";
static char dot_version[] = "-V";

extern char **environ;

struct world {
	char directory[256];
	bool has_xmllint;
	bool has_dot;
};

/* Runs it and waits; a program that is not there gives 127. */
static int run(char **arguments)
{
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, arguments[0], NULL, NULL, arguments, environ) != 0)
		return 127;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

typedef int export_function(FILE *out, const struct export_request *request);

/* One file for each hostile name: their paths become `arguments`, NULL behind the last. */
static size_t write_files(
        const struct world *world, export_function *export, const char *suffix, char **arguments)
{
	size_t n = 0;

	for (; fixture_hostile_names[n]; n++) {
		const struct model *model = fixture_hostile(fixture_hostile_names[n]);
		const struct export_request request = {.model = model, .view.with_details = true};

		assert_true(n < FILES - 1);
		arguments[n] = memory_printf("%s/%02zu%s", world->directory, n, suffix);
		FILE *file = fopen(arguments[n], "we");
		assert_non_null(file);
		assert_int_equal(export(file, &request), 0);
		assert_int_equal(fclose(file), 0);
		model_unref(model);
	}
	arguments[n] = NULL;
	return n;
}

static void free_paths(char **paths)
{
	for (; *paths; paths++)
		free(*paths);
}

static void test_xmllint_reads_the_svg(void **state)
{
	const struct world *world = *state;
	char *arguments[2 + FILES] = {xmllint, noout};

	if (!world->has_xmllint)
		skip();
	write_files(world, export_svg, ".svg", arguments + 2);
	assert_int_equal(run(arguments), 0);
	free_paths(arguments + 2);
}

static Agraph_t *read_graph(const char *path)
{
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	Agraph_t *graph = agread(file, NULL);
	fclose(file);
	assert_non_null(graph);
	return graph;
}

/* Attributes that `dot` adds or drops are its own. */
static void assert_same_text(void *a, void *b)
{
	static const char *const names[] = {"label", "tooltip", "id", "class", "style"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[16];

		snprintf(name, sizeof(name), "%s", names[i]);
		const char *x = agget(a, name), *y = agget(b, name);
		assert_string_equal(x ? x : "", y ? y : "");
	}
}

static void assert_same_graph(Agraph_t *a, Agraph_t *b)
{
	assert_int_equal(agnnodes(a), agnnodes(b));
	assert_int_equal(agnedges(a), agnedges(b));
	for (Agnode_t *node = agfstnode(a); node; node = agnxtnode(a, node)) {
		Agnode_t *same = agnode(b, agnameof(node), 0);

		assert_non_null(same);
		assert_same_text(node, same);
		for (Agedge_t *edge = agfstout(a, node); edge; edge = agnxtout(a, edge)) {
			Agnode_t *head = agnode(b, agnameof(aghead(edge)), 0);
			Agedge_t *there = agedge(b, same, head, NULL, 0);

			assert_non_null(there);
			assert_same_text(edge, there);
		}
	}
}

static void test_dot_leaves_it_as_it_is(void **state)
{
	const struct world *world = *state;
	char *arguments[3 + FILES] = {dot, to_canon, beside};

	if (!world->has_dot)
		skip();
	const size_t n = write_files(world, export_dot, ".dot", arguments + 3);

	assert_int_equal(run(arguments), 0);
	for (size_t i = 0; i < n; i++) {
		char *canon = memory_printf("%s.canon", arguments[3 + i]);
		Agraph_t *a = read_graph(arguments[3 + i]);
		Agraph_t *b = read_graph(canon);
		assert_same_graph(a, b);
		agclose(a);
		agclose(b);
		free(canon);
	}
	free_paths(arguments + 3);
}

/* True for an attribute `on...`, and one that refers to something outside of the file. */
static bool is_active(const char *name, const char *value)
{
	const char *href = strstr(name, "href");

	return strncmp(name, "on", 2) == 0 || (href && !href[4] && *value != '#');
}

/* Counts the elements of class "node", and what could run or load something. The quotes of
 * attributes are double, and text has no `<`: xmllint has read the file. */
static void count_elements(const char *svg, size_t *ret_nodes, size_t *ret_active)
{
	static const char *const elements[] = {"<script", "<foreignObject", "<image", "<!ENTITY"};

	*ret_nodes = *ret_active = 0;
	for (const char *tag = strchr(svg, '<'); tag; tag = strchr(tag + 1, '<')) {
		char name[32], value[8];
		int n = 0;

		for (size_t i = 0; i < ARRAY_SIZE(elements); i++)
			*ret_active += strncmp(tag, elements[i], strlen(elements[i])) == 0;
		*ret_nodes += strncmp(tag, "<g ", 3) == 0 && strstr(tag, "class=\"node") &&
		              strstr(tag, "class=\"node") < strchr(tag, '>');
		if (tag[1] == '!' || tag[1] == '?' || tag[1] == '/')
			continue;
		tag += strcspn(tag, " \n>");
		while (sscanf(tag, " %31[a-zA-Z:_-]=\"%7[^\"]%n", name, value, &n) == 2) {
			*ret_active += is_active(name, value);
			tag += n;
			tag += strcspn(tag, "\"") + 1;
		}
	}
}

static void assert_inert(const char *path, const char *dot_path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	Agraph_t *graph = read_graph(dot_path);
	size_t nodes, active;
	static char svg[1 << 20];

	assert_non_null(file);
	svg[fread(svg, 1, sizeof(svg) - 1, file)] = '\0';
	count_elements(svg, &nodes, &active);
	assert_int_equal(nodes, agnnodes(graph));
	assert_int_equal(active, 0);
	agclose(graph);
}

static void test_dot_makes_good_svg(void **state)
{
	const struct world *world = *state;
	char *arguments[3 + FILES] = {dot, to_svg, beside};
	char *check[2 + FILES] = {xmllint, noout};

	if (!world->has_dot || !world->has_xmllint)
		skip();
	const size_t n = write_files(world, export_dot, ".dot", arguments + 3);

	assert_int_equal(run(arguments), 0);
	for (size_t i = 0; i < n; i++)
		check[2 + i] = memory_printf("%s.svg", arguments[3 + i]);
	check[2 + n] = NULL;
	assert_int_equal(run(check), 0);
	for (size_t i = 0; i < n; i++)
		assert_inert(check[2 + i], arguments[3 + i]);
	print_message(
	        "# R5: %zu SVGs by dot -Tsvg of DOT files with hostile names: xmllint reads them; "
	        "nodes as in the DOT file; 0 scripts, on*=, foreign references, entities\n",
	        n);
	free_paths(arguments + 3);
	free_paths(check + 2);
}

static int make_world(void **state)
{
	static struct world world;
	const char *tmp = getenv("TMPDIR");

	snprintf(world.directory, sizeof(world.directory), "%s/nsbrowse-XXXXXX",
	        tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(world.directory))
		return -1;
	world.has_xmllint = run((char *[]){xmllint, version, NULL}) == 0;
	world.has_dot = run((char *[]){dot, dot_version, NULL}) == 0;
	*state = &world;
	return 0;
}

static int remove_world(void **state)
{
	const struct world *world = *state;
	DIR *directory = opendir(world->directory);

	if (!directory)
		return -1;
	for (const struct dirent *entry; (entry = readdir(directory));)
		unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	return rmdir(world->directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_xmllint_reads_the_svg),
	        cmocka_unit_test(test_dot_leaves_it_as_it_is),
	        cmocka_unit_test(test_dot_makes_good_svg),
	};

	if (run((char *[]){xmllint, version, NULL}) != 0 &&
	        run((char *[]){dot, dot_version, NULL}) != 0)
		return SKIPPED;
	return cmocka_run_group_tests(tests, make_world, remove_world);
}
