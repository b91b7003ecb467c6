/* SPDX-License-Identifier: Apache-2.0 */

/* The network picture: what is in all network namespaces is requested when it is opened, and of new
 * ones in each scan. */

#include "base/attributes.h"
#include "base/text.h"
#include "model/net_facts.h"
#include "ui/app/screens.h"
#include "ui/draw/line.h"
#include "view/partial.h"
#include "view/words.h"

/* The picture is built again after each answer, or for many namespaces after so many answers that
 * all of them cause about this number of builds. */
enum { BUILDS = 64 };

/* --- facts ----------------------------------------------------------------------------------- */

/* Requests what is not known; with `again` what is known, too. */
static void request(struct app *app, bool again)
{
	const struct model *const model = app->current;

	for (size_t i = 0; app->reads_facts && i < model->n_namespaces; i++) {
		const struct ns *const ns = model->namespaces[i];

		if (ns->type != NS_NET || (!again && u64_set_has(&app->network.asked, ns->tag)))
			continue;
		u64_set_add(&app->network.asked, ns->tag);
		u64_set_add(&app->network.waiting, ns->tag);
		state_request_facts(app, ns, NS_FACTS_LINKS);
	}
}

/* Namespaces that are gone are not waited for. */
static void forget_gone(struct app *app)
{
	struct u64_set *const waiting = &app->network.waiting;

	for (size_t i = waiting->n; i-- > 0;) {
		if (!model_find_tag(app->current, waiting->items[i]))
			u64_set_remove(waiting, waiting->items[i]);
	}
}

static void update(struct app *app)
{
	struct network_state *const state = &app->network;

	network_update(&state->network, app->current, &app->inside.store, app->is_ascii);
	state->n_waiting = state->waiting.n;
	state->n_answers = 0;
}

void network_screen_refresh(struct app *app)
{
	if (!app->network.network.is_shown)
		return;
	forget_gone(app);
	request(app, false);
	update(app);
}

/* An answer to another request may come first, without what the picture needs. */
void network_screen_take(struct app *app, const struct ns_facts *facts)
{
	struct network_state *const state = &app->network;

	if (!state->network.is_shown || facts->type != NS_NET)
		return;
	if (facts->what & NS_FACTS_LINKS)
		u64_set_remove(&state->waiting, facts->tag);
	state->n_answers++;
	if (state->waiting.n == 0 || state->n_answers * BUILDS >= state->network.plan.n_boxes)
		update(app);
}

/* --- opening and closing --------------------------------------------------------------------- */

unsigned network_screen_open(struct app *app, _unused_ long argument)
{
	struct network_state *const state = &app->network;
	const struct node *const node = graph_selected(&app->graph.graph);
	const struct ns *const ns = node && node->ns ? node->ns : NULL;
	const struct ns *const net = ns && ns->leader ? ns->leader->ns[NS_NET] : NULL;

	if (!app->current)
		return state_inform(app, "nothing was read yet");
	if (app->is_live && !app->reads_facts)
		state_inform(app, "nothing is read inside namespaces (--facts=none)");
	request(app, false);
	update(app);
	if (net)
		network_select_tag(&state->network, net->tag);
	return screens_open(app, &network_screen);
}

unsigned network_screen_again(struct app *app, _unused_ long argument)
{
	if (!app->is_live)
		return state_inform(app, "a snapshot cannot be asked");
	request(app, true);
	update(app);
	return state_inform(app, "reading interfaces again");
}

static unsigned close_network(struct app *app)
{
	network_release(&app->network.network);
	u64_set_release(&app->network.asked);
	u64_set_release(&app->network.waiting);
	/* What is not read yet would delay the page that is shown next. */
	return screens_close_top(app) | EFFECT_DROP_NS_FACTS;
}

unsigned network_screen_show_in_list(struct app *app, _unused_ long argument)
{
	const struct net_box *const box = network_selected(&app->network.network);
	const uint64_t tag = box ? box->ns->tag : 0;

	if (!tag)
		return state_inform(app, "nothing to show in the list");
	return close_network(app) | graph_screen_show_tag(app, tag);
}

/* --- moving ---------------------------------------------------------------------------------- */

unsigned network_screen_step(struct app *app, long step)
{
	network_step(&app->network.network, (enum network_step)step);
	return EFFECT_REDRAW;
}

unsigned network_screen_pan(struct app *app, long direction)
{
	const struct pan_step step = graph_screen_pan_step(direction);

	network_pan(&app->network.network, step.rows, step.columns);
	return EFFECT_REDRAW;
}

static int page(const struct app *app)
{
	return state_body(app).rows;
}

static void scroll(struct app *app, long lines, _unused_ bool is_paging)
{
	network_pan(&app->network.network, lines, 0);
}

static unsigned mouse(struct app *app, const struct mouse *mouse)
{
	struct network *const network = &app->network.network;
	const struct rect rect = state_body(app);

	if (mouse->kind == MOUSE_WHEEL_UP || mouse->kind == MOUSE_WHEEL_DOWN)
		return screens_wheel(app, mouse);
	if (mouse->kind != MOUSE_PRESS)
		return 0;
	return network_point(network, (int)network->rows.top + mouse->row - rect.row,
	               (int)network->columns.top + mouse->column)
	               ? EFFECT_REDRAW
	               : 0;
}

static void settle(struct app *app)
{
	const struct rect rect = state_body(app);

	network_set_size(&app->network.network, rect.rows, rect.columns);
	if (app->network.network.is_ascii != app->is_ascii)
		update(app);
}

/* --- drawing --------------------------------------------------------------------------------- */

static void write_range(FILE *out, const struct scroller *scroller)
{
	const size_t end = MIN(scroller->top + scroller->page, scroller->n);

	if (scroller->top > 0 || end < scroller->n)
		fprintf(out, "  %zu-%zu/%zu", scroller->top + 1, end, scroller->n);
}

static void write_selected(FILE *out, const struct net_box *box)
{
	fputs("  ", out);
	words_ns(out, box->ns);
	fprintf(out, " %s", box->rows[0].text);
}

static void add_count(struct line *line, const char *what, size_t n)
{
	if (n)
		line_printf(line, STYLE_PLAIN, "  %s %zu", what, n);
}

/* ` NETWORK asked 40 of 56  bridges 2  connections 9`, which counts what the picture shows; after
 * the last answer ` NETWORK namespaces 56  bridges 2  connections 12  unknown 3  not found 1`. */
static void add_counts(struct line *line, const struct network_state *state)
{
	const struct net_plan *const plan = &state->network.plan;

	line_add(line, STYLE_HEADER, " NETWORK");
	if (state->n_waiting)
		line_printf(line, STYLE_PLAIN, " asked %zu of %zu",
		        plan->n_boxes - state->n_waiting, plan->n_boxes);
	else
		line_printf(line, STYLE_PLAIN, " namespaces %zu", plan->n_boxes);
	add_count(line, "bridges", plan->n_bridges);
	add_count(line, "connections", plan->n_lines);
	if (state->n_waiting)
		return;
	add_count(line, "unknown", plan->n_unknown);
	add_count(line, "not found", plan->n_outside);
}

/* The counts, then `  partial  1-22/258  net:[4026531840] systemd (1)`: what is also seen in the
 * picture comes last, since a narrow screen cuts it. */
static void draw_header(const struct app *app, struct frame *frame)
{
	const struct network_state *const state = &app->network;
	const struct net_box *const box = network_selected(&state->network);
	_cleanup_text_ struct text text;
	struct line line;

	text_init_within(&text, app->columns);
	line_init(&line, app->columns, app->is_ascii);
	add_counts(&line, state);
	if (partial_reasons(app->current, app->names))
		line_add(&line, STYLE_PLAIN, "  partial");
	write_range(text.out, &state->network.rows);
	write_range(text.out, &state->network.columns);
	if (box)
		write_selected(text.out, box);
	line_add(&line, STYLE_PLAIN, text_get(&text));
	line_take(&line, &frame->lines[0]);
}

static void draw(const struct app *app, struct frame *frame)
{
	const struct rect rect = state_body(app);

	if (rect.row > 0)
		draw_header(app, frame);
	network_draw(&app->network.network, frame, &rect);
}

const struct screen network_screen = {
        .mode = MODE_NETWORK,
        .draw = draw,
        .settle = settle,
        .page = page,
        .scroll = scroll,
        .mouse = mouse,
        .close = close_network,
        .quit = close_network,
};
