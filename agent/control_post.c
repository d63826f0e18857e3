/* control_post.c: POST /mt5/connect, /mt5/disconnect, /reconnect. */
#include "agent/routes.h"

static void
answer_unsupervised(struct response *res)
{
	response_error(res, 501, "not_supervised",
	    "no terminal is supervised here: set MT5_TERMINAL_PATH");
}

/* POST /mt5/connect */
void
connect_post(struct app *app, struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	answer_unsupervised(res);
}

/* POST /mt5/disconnect */
void
disconnect_post(struct app *app, struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	answer_unsupervised(res);
}

/* POST /reconnect */
void
reconnect_post(struct app *app, struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	answer_unsupervised(res);
}
