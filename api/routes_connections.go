package api

import "github.com/whetstone-desk/whetstone/api/auth"

// What the description says of connections.
const (
	aboutConnection = `A connection keeps articles and cases in step with where they come from: a folder or Git work tree on the server, a website by its sitemap, a feed of release notes, or another helpdesk by its API (zendesk, intercom, freshdesk, helpscout, chatwoot, zammad, usedesk, omnidesk). What is unchanged at the source is left alone; what is gone there is deleted after a run that has met everything. What somebody has edited here is not written over: it is reported as a conflict.

A connection that would lose more than 30 % of its documents stops before it deletes anything, is ` + "`held`" + `, and waits for ` + "`approve`" + ` with the next sync.`

	aboutSync = `Reads the source now. One bad page does not stop a run: it is among the report's ` + "`skips`" + `. Short runs are waited for; a longer one goes on in the background (202), and its report is among the connection's runs. A connection that is being synced, or that is held and not approved, is a conflict.`

	aboutDeleteConnection = `What it wrote stays.`
)

func (r *routes) connections() {
	s := r.server
	add(r, r.op(call{"GET", "/connections", "list-connections", "List where knowledge comes from", auth.Teach, ""}), s.listConnections)
	add(r, r.op(call{"GET", "/connections/{id}", "connection", "Read a connection", auth.Teach, ""}), s.connection)
	add(r, r.op(call{"PUT", "/connections/{id}", "put-connection", "Make or change a connection", auth.Manage, aboutConnection}), s.putConnection)
	add(r, r.op(call{"DELETE", "/connections/{id}", "delete-connection", "Delete a connection", auth.Manage, aboutDeleteConnection}), s.deleteConnection)
	add(r, r.op(call{"POST", "/connections/{id}/sync", "sync-connection", "Sync a connection now", auth.Manage, aboutSync}), s.syncConnection)
	add(r, r.op(call{"POST", "/connections/{id}/pause", "pause-connection", "Pause a connection", auth.Manage, "It is synced by hand only. One that is held is held no more, and deletes nothing."}), s.pauseConnection)
	add(r, r.op(call{"POST", "/connections/{id}/resume", "resume-connection", "Resume a connection", auth.Manage, ""}), s.resumeConnection)
	add(r, r.op(call{"GET", "/connections/{id}/runs", "connection-runs", "Read how syncing went", auth.Teach, ""}), s.connectionRuns)
}
