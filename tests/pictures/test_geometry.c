/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/pictures/geometry.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

/* A valid picture: two PID namespaces and three user namespaces, two lines to owners. */
static const char *const valid[] = {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 400\">",
        "<text x=\"20\" y=\"20\">title</text>",
        "<g class=\"legend\"><path class=\"owner\" d=\"M20 30H40\"/>",
        "<path class=\"edge\" d=\"M50 30H60\"/></g>",
        "<g><rect class=\"panel pid-panel\" x=\"20\" y=\"40\" width=\"500\" "
        "height=\"150\"/></g>",
        "<g><rect class=\"panel user-panel\" x=\"20\" y=\"200\" width=\"500\" "
        "height=\"190\"/></g>",
        "<text x=\"40\" y=\"56\" class=\"heading\">PID</text>",
        "<path class=\"edge\" d=\"M200 90H260\"/>",
        "<path class=\"edge\" d=\"M230 90V134Q230 140 236 140H260\"/>",
        "<path class=\"edge\" d=\"M200 260H260\"/>",
        "<path class=\"edge\" d=\"M230 260V304Q230 310 236 310H260\"/>",
        "<path class=\"owner\" d=\"M390 100V112H540V260H400\"/>",
        "<path class=\"tip\" d=\"M400 260l6 -4v8z\"/>",
        "<path class=\"owner\" d=\"M390 150V162H550V310H400\"/>",
        "<path class=\"tip\" d=\"M400 310l6 -4v8z\"/>",
        "<g id=\"ns-1\" class=\"ns pid top\"><rect x=\"40\" y=\"70\" width=\"160\" height=\"30\"/>"
        "<text x=\"50\" y=\"90\">systemd</text></g>",
        "<g id=\"ns-2\" class=\"ns pid\"><rect x=\"260\" y=\"70\" width=\"140\" height=\"30\"/>"
        "<a href=\"#ns-5\"><text x=\"270\" y=\"90\">nginx</text></a></g>",
        "<g id=\"ns-3\" class=\"ns pid\" transform=\"translate(260 120)\">"
        "<rect width=\"140\" height=\"30\"/>"
        "<a href=\"#ns-6\"><text x=\"10\" y=\"20\">redis</text></a></g>",
        "<g id=\"ns-4\" class=\"ns user top\"><rect x=\"40\" y=\"245\" width=\"160\" "
        "height=\"30\"/><text x=\"50\" y=\"265\">systemd</text></g>",
        "<g id=\"ns-5\" class=\"ns user\"><rect x=\"260\" y=\"245\" width=\"140\" "
        "height=\"30\"/><text x=\"270\" y=\"265\">nginx</text></g>",
        "<g id=\"ns-6\" class=\"ns user\"><rect x=\"260\" y=\"295\" width=\"140\" "
        "height=\"30\"/><text x=\"270\" y=\"315\">redis</text></g>",
        "<g class=\"outside\"><rect x=\"260\" y=\"345\" width=\"140\" height=\"30\"/>"
        "<text x=\"270\" y=\"365\">(outside)</text></g>",
        "</svg>\n",
};

#define KIND(name) (1U << GEOMETRY_##name)

/* A change of the valid picture, and the kinds of faults that it makes. */
static const struct {
	const char *from, *to;
	unsigned kinds;
} planted[] = {
        {"id=\"ns-1\"", "id=\"ns-2\"", KIND(ID)},
        {"href=\"#ns-5\"><text", "href=\"#ns-5\"><a href=\"#ns-7\"></a><text", KIND(LINK)},
        {"href=\"#ns-5\"><text", "href=\"#ns-5\"><a href=\"/ns-5\"></a><text", KIND(LINK)},
        {"viewBox=\"0 0 600 400\"", "viewBox=\"0 0 600 32768\"", KIND(SIZE)},
        {"viewBox=\"0 0 600 400\"", "viewBox=\"0 0 600 390\"", KIND(PANEL)},
        {"y=\"200\" width=\"500\" height=\"190\"", "y=\"188\" width=\"500\" height=\"202\"",
                KIND(PANEL)},
        {"<rect class=\"panel user-panel\" x=\"20\"", "<rect class=\"panel user-panel\" x=\"38\"",
                KIND(BOX_OUT)},
        {"<g class=\"outside\">", "<g class=\"outside\" transform=\"translate(100 -30)\">",
                KIND(BOX_OVERLAP)},
        {"(outside)", "(outside this view!)", KIND(TEXT_OUT)},
        {"y=\"365\"", "y=\"374\"", KIND(TEXT_OUT)},
        {"<text x=\"20\" y=\"20\">", "<text x=\"570\" y=\"20\">", KIND(TEXT_OUT)},
        {"x=\"50\" y=\"265\">systemd</text>",
                "x=\"50\" y=\"265\">systemd</text><text x=\"90\" y=\"265\">x</text>",
                KIND(TEXT_OVERLAP)},
        {"x=\"40\" y=\"56\" class", "x=\"170\" y=\"76\" class", KIND(TEXT_OVERLAP)},
        {"x=\"40\" y=\"56\" class", "x=\"215\" y=\"130\" class", KIND(TEXT_STRUCK)},
        {"x=\"40\" y=\"56\" class", "x=\"460\" y=\"116\" class", KIND(TEXT_STRUCK)},
        {"M200 90H260", "M200 90H255", KIND(EDGE_END)},
        {"M230 90V134", "M233 110V134", KIND(EDGE_END)},
        {"<path class=\"edge\" d=\"M230 90V134Q230 140 236 140H260\"/>", "", KIND(EDGE_END)},
        {"M200 90H260", "M40 90H260", KIND(EDGE_BOX)},
        {"M390 150V162", "M390 155V162", KIND(LINE_END) | KIND(LINE_OWNER)},
        {"V310H400", "V360H400", KIND(LINE_OWNER) | KIND(TIP)},
        {"<path class=\"owner\" d=\"M390 150V162H550V310H400\"/>", "", KIND(LINE_OWNER)},
        {"V112H540", "V117H540", KIND(LINE_BOX)},
        {"V162H550", "V162H545", KIND(LINE_CLOSE)},
        {"M390 150V162H550", "M390 150V162H231V130V162H550", KIND(LINE_EDGE)},
        {"<path class=\"tip\" d=\"M400 310l6 -4v8z\"/>", "", KIND(TIP)},
        {"<path class=\"tip\" d=\"M400 310",
                "<path class=\"tip\" d=\"M400 306l6 -4v8z\"/><path class=\"tip\" d=\"M400 310",
                KIND(TIP)},
};

/* The valid picture with one change. The caller frees it. */
static char *change(const char *from, const char *to)
{
	char *svg = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&svg, &len);

	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_SIZE(valid); i++) {
		const char *at = from ? strstr(valid[i], from) : NULL;

		if (at)
			fprintf(out, "%.*s%s%s", (int)(at - valid[i]), valid[i], to,
			        at + strlen(from));
		else
			fputs(valid[i], out);
	}
	assert_int_equal(fclose(out), 0);
	return svg;
}

static struct geometry check(char *svg)
{
	struct drawing drawing;
	struct geometry found;

	drawing_read(&drawing, svg);
	geometry_check(&found, &drawing, "picture", stderr);
	drawing_release(&drawing);
	return found;
}

static unsigned kinds_of(struct geometry found)
{
	unsigned kinds = 0;

	for (enum geometry_fault kind = 0; kind < GEOMETRY_FAULTS; kind++)
		kinds |= found.n[kind] ? 1U << kind : 0;
	return kinds;
}

static void test_valid(void **state)
{
	(void)state;
	assert_int_equal(check(change(NULL, NULL)).n_all, 0);
}

static void test_planted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(planted); i++) {
		char *svg = change(planted[i].from, planted[i].to);
		_cleanup_free_ char *plain = change(NULL, NULL);

		assert_string_not_equal(svg, plain);
		if (kinds_of(check(svg)) != planted[i].kinds)
			fail_msg("not found, or not alone: %s", planted[i].to);
	}
}

/* 600 x 400 pixels on 793.89 x 547.28 points. */
static void test_points(void **state)
{
	struct drawing drawing;

	(void)state;
	drawing_read(&drawing, change(NULL, NULL));
	assert_int_equal((int)(geometry_points(&drawing) * 100), 1587);
	drawing_release(&drawing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_valid),
	        cmocka_unit_test(test_planted),
	        cmocka_unit_test(test_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
