package api

import "github.com/whetstone-desk/whetstone/api/auth"

// What the description says of notices and who is told of them.
const (
	aboutNotices = `Gaps that opened, closed or came back, alarms, sources that were held, documents that rest on what has changed. ` + "`data`" + ` is what webhooks are sent.`

	aboutWebhook = `Notices are posted to the ` + "`url`" + ` as JSON, or mailed to ` + "`email`" + `, where the service has settings for mail. Each request has the headers ` + "`Whetstone-Event`, `Whetstone-Delivery`, `Whetstone-Timestamp` and `Whetstone-Signature`" + `, ` + "`v1=`" + ` and the HMAC-SHA256, in hexadecimal, of timestamp, a full stop and the body, by the hook's secret. What is not answered with 2xx is sent again, later each time, for a day; 410 switches the hook off. A delivery may arrive twice, under the same id.`

	aboutChangeWebhook = `What stands here is the whole of it, but for the secret: where that is missing it stays.`

	aboutResend = `It is sent again at once, under the same id.`
)

func (r *routes) notices() {
	s := r.server
	add(r, r.op(call{"GET", "/notices", "list-notices", "List what has happened by itself", auth.Teach, aboutNotices}), s.listNotices)
	add(r, r.op(call{"GET", "/webhooks", "list-webhooks", "List who is told", auth.Manage, "Without their secrets."}), s.listWebhooks)
	add(r, created(r.op(call{"POST", "/webhooks", "make-webhook", "Tell somebody of notices", auth.Manage, aboutWebhook})), s.makeWebhook)
	add(r, r.op(call{"PUT", "/webhooks/{id}", "change-webhook", "Change who is told", auth.Manage, aboutChangeWebhook}), s.changeWebhook)
	add(r, r.op(call{"DELETE", "/webhooks/{id}", "delete-webhook", "Tell somebody no more", auth.Manage, "What was not delivered yet is not."}), s.deleteWebhook)
	add(r, r.op(call{"GET", "/webhooks/{id}/deliveries", "list-deliveries", "Read what was sent", auth.Manage, ""}), s.listDeliveries)
	add(r, accepted(r.op(call{"POST", "/deliveries/{id}/resend", "resend", "Send something again", auth.Manage, aboutResend})), s.resend)
}
