/* SPDX-License-Identifier: Apache-2.0 */
/* What a process keeps of its capabilities, and their names. */
#include "base/attributes.h"
#include "base/text.h"
#include "privsep/capabilities.h"
#include "tests/unit.h"
#include "view/words.h"

#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>

/* In a process of its own. Returns the number of failed checks. */
static int keep_two(void)
{
	const int keep[] = {CAP_KILL, CAP_NET_ADMIN};
	const bool had[] = {capabilities_has(CAP_KILL), capabilities_has(CAP_NET_ADMIN)};
	int failed = capabilities_keep(keep, ARRAY_SIZE(keep)) != 0;

	for (size_t i = 0; i < ARRAY_SIZE(keep); i++)
		failed += capabilities_has(keep[i]) != had[i];
	for (int i = 0; i < cap_max_bits(); i++)
		failed += i != CAP_KILL && i != CAP_NET_ADMIN && capabilities_has(i);
	failed += capabilities_keep(NULL, 0) != 0;
	failed += capabilities_has(CAP_KILL);
	/* What was given up does not come back. */
	failed += capabilities_keep(keep, ARRAY_SIZE(keep)) != 0;
	failed += capabilities_has(CAP_KILL);
	return failed;
}

static void keeps_what_is_permitted(void **state)
{
	int status;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(keep_two());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)state;
}

/* view/ has a table of its own, since a snapshot may come from a newer kernel. */
static void names_are_those_of_libcap(void **state)
{
	struct text text;

	text_init(&text);
	for (int i = 0; i < cap_max_bits(); i++) {
		char *name = cap_to_name(i);

		words_capabilities(text_restart(&text), UINT64_C(1) << i);
		assert_non_null(name);
		if (*text_get(&text) >= '0' && *text_get(&text) <= '9')
			print_message("%s: newer than the table\n", name);
		else
			assert_string_equal(
			        text_get(&text), strncmp(name, "cap_", 4) == 0 ? name + 4 : name);
		cap_free(name);
	}
	text_release(&text);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(keeps_what_is_permitted),
	        cmocka_unit_test(names_are_those_of_libcap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
