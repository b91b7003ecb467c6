/* SPDX-License-Identifier: Apache-2.0 */

/* The page of a namespace without a number, and of the line over all of them. */

#include "base/escape.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/words.h"
#include "view/words_pin.h"

#include <inttypes.h>

/* The mount namespace, a reference, and its leader. */
static void write_place(struct detail *detail, const struct ns_pin *pin)
{
	const struct ns *ns = model_find(detail->source.model, NS_MNT, pin->mnt);
	_cleanup_text_ struct text text;

	text_init(&text);
	fprintf(text.out, "mnt:[%" PRIu64 "]", pin->mnt);
	detail_new_fact(detail, "in");
	detail_add_ref(detail, 0, 0, "", text_get(&text), detail_to_ns(ns));
	if (ns && ns->leader) {
		detail_add_process(detail, 0, "", ns->leader);
		if (ns->leader->container)
			detail_add_container(detail, 0, "", ns->leader->container);
	}
}

static void write_pin(struct detail *detail, const struct ns_pin *pin)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	detail_new_fact(detail, "held by");
	escape_write_name(text.out, pin->by, 0);
	fputc(' ', text.out);
	escape_write_name(text.out, pin->path, 0);
	detail_add_piece(detail, text_get(&text), detail_nowhere);
	write_place(detail, pin);
	detail_new_fact(detail, "state");
	detail_add(detail, 0, "", words_pin_state(pin));
	detail_new_fact(detail, "device");
	fprintf(text_restart(&text), "%u:%u", pin->major, pin->minor);
	detail_add(detail, 0, "", text_get(&text));
	detail_add_number(detail, 0, "mounts ", "%zu", pin->n_mounts);
}

void page_pin_write(struct detail *detail)
{
	const struct ns_pin *const pin = detail->source.pin;

	detail_add_sentence(detail,
	        "The kernel gives no number of a PID namespace that only a mounted proc keeps. It "
	        "counts against max_pid_namespaces until all mounts of that proc are unmounted.",
	        DETAIL_SENTENCE_LINES);
	if (pin)
		write_pin(detail, pin);
}
