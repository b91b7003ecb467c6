/* SPDX-License-Identifier: Apache-2.0 */

/* The page of a namespace without a number, and of the line over all of them. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/umount.h"
#include "view/words.h"
#include "view/words_pin.h"

#include <inttypes.h>

enum { LINES_MAX = 6 /* unless the rest is unfolded */ };

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

/* --- unmounting --------------------------------------------------------------------------- */

/* The line that unmounts one of the mounts, or where that is and why there is none. */
static void write_line(struct detail *detail, const struct umount *umount,
        const struct mount_table *table, const struct mount_entry *entry)
{
	const struct ns *const mnt = model_find(detail->source.model, NS_MNT, table->mnt);
	_cleanup_text_ struct text text;

	text_init(&text);
	const enum umount_state state = umount_write(text.out, umount, table, entry);
	if (state != UMOUNT_READY) {
		escape_write_name(text.out, entry->point, 0);
		fprintf(text.out, " in mnt:[%" PRIu64 "]: ", table->mnt);
		umount_write_reason(text.out, state, table, entry);
	}
	detail_add_piece(detail, text_get(&text), detail_to_mount(mnt, entry));
}

/* The lines of the mounts number `from` to `end`; returns how many mounts there are. */
static size_t write_lines(struct detail *detail, const struct ns_pin *pin, size_t from, size_t end)
{
	const struct mounts *const mounts = detail->source.mounts;
	_cleanup_umount_ struct umount umount = umount_of(detail->source.model, mounts);
	size_t n = 0;

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount_table *const table = mounts->tables[i];

		for (size_t k = 0; k < table->n; k++) {
			const struct mount_entry *const entry = &table->entries[k];

			if (!umount_is_of_pin(entry, pin) || n++ < from || n > end)
				continue;
			if (n > 1)
				line_pad(page_add(&detail->facts), DETAIL_INDENT);
			write_line(detail, &umount, table, entry);
		}
	}
	return n;
}

/* One line for each mount: all of them keep the namespace. */
static void write_umount(struct detail *detail, const struct ns_pin *pin)
{
	char text[64];

	detail_new_fact(detail, "umount");
	if (!detail->source.mounts) {
		detail_add(detail, 0, "",
		        detail->source.can_ask
		                ? "mounts were not read yet"
		                : "mounts are not in this snapshot: --facts=mounts writes them");
		return;
	}
	const size_t n = write_lines(detail, pin, 0, LINES_MAX);
	if (n > LINES_MAX) {
		line_pad(page_add(&detail->facts), DETAIL_INDENT);
		snprintf(text, sizeof(text), "%zu more", n - LINES_MAX);
		if (detail_add_fold(detail, DETAIL_FOLD_MOUNT_ELSEWHERE, text))
			write_lines(detail, pin, LINES_MAX, SIZE_MAX);
	}
	if (n >= pin->n_mounts)
		return;
	if (n)
		line_pad(page_add(&detail->facts), DETAIL_INDENT);
	detail_add_number(detail, 0, "", "%zu of its mounts could not be read, or are gone",
	        pin->n_mounts - n);
}

/* --- the page ----------------------------------------------------------------------------- */

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
	write_umount(detail, pin);
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
