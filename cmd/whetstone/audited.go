package main

import (
	"context"
	"fmt"
	"os/user"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// commandActor stands in the audit for whoever works on the command line.
const commandActor = "command"

// kept puts into the audit what a command has changed, as the operation of the
// API that does the same, under the name of the machine's user.
func (a *app) kept(ctx context.Context, workspace string, e auth.Entry) error {
	e.WorkspaceID, e.ActorID, e.Actor = workspace, commandActor, commandActor
	if u, err := user.Current(); err == nil && u.Username != "" {
		e.Actor = u.Username
	}
	if err := a.audit.Keep(ctx, &e); err != nil {
		return fmt.Errorf("it is done, but the audit does not have it: %w", err)
	}
	return nil
}
