package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// What the description says of people.
const (
	aboutAssignees = `Those who may work on them: active editors and admins, by name.`

	aboutInvite = `The response is the only one that has the link: hand it on. It works once, for a week. By it they choose a password.`

	aboutChangePerson = `What is missing stays. Who gets another role, or is no longer active, is signed out within five seconds everywhere. The last active admin stays one.`

	aboutResetPerson = `The password no longer works, every session ends, and the link, which works once and for a day, lets them choose another. Where none was ever chosen it is an invitation again, for a week.`
)

func (r *routes) people() {
	s := r.server
	add(r, r.op(call{"GET", "/people", "list-people", "List who may sign in", auth.Manage, "Those who are not active too."}), s.listPeople)
	add(r, r.op(call{"GET", "/people/assignees", "list-assignees", "List who gaps, chores and articles can be given to", auth.Teach, aboutAssignees}), s.listAssignees)
	add(r, created(r.op(call{"POST", "/people", "invite", "Invite somebody", auth.Manage, aboutInvite})), s.invite)
	add(r, r.op(call{"PATCH", "/people/{id}", "change-person", "Change somebody's role, or shut them out", auth.Manage, aboutChangePerson}), s.changePerson)
	add(r, r.op(call{"POST", "/people/{id}/reset", "reset-person", "Let somebody choose another password", auth.Manage, aboutResetPerson}), s.resetPerson)
}

type assigneesOut struct{ Body assigneeList }

type assigneeList struct {
	People []assigneeView `json:"people" nullable:"false" doc:"By name."`
}

type assigneeView struct {
	Name string    `json:"name" doc:"As an owner is called; whoever gave none is called by the address."`
	Role auth.Role `json:"role" enum:"admin,editor"`
}

// listAssignees answers GET /v1/people/assignees. Without people nobody can be chosen.
func (s *Server) listAssignees(ctx context.Context, _ *struct{}) (*assigneesOut, error) {
	out := &assigneesOut{assigneeList{[]assigneeView{}}}
	if s.People == nil {
		return out, nil
	}
	people, err := s.People.List(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	for i := range people {
		if p := &people[i]; p.Active && p.Role.May(auth.Teach) {
			out.Body.People = append(out.Body.People, assigneeView{cmp.Or(p.Name, p.Email), p.Role})
		}
	}
	slices.SortStableFunc(out.Body.People, func(a, b assigneeView) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

type personView struct {
	ID          string     `json:"id"`
	Email       string     `json:"email"`
	Name        string     `json:"name"`
	Role        auth.Role  `json:"role" enum:"admin,editor,lead,operator"`
	Active      bool       `json:"active"`
	Invited     bool       `json:"invited" doc:"Has not been here yet."`
	OIDC        bool       `json:"oidc" doc:"Comes by the OpenID provider."`
	Locale      string     `json:"locale"`
	CreatedAt   time.Time  `json:"created_at"`
	EnteredAt   *time.Time `json:"entered_at,omitempty" doc:"When they signed in last."`
	LockedUntil *time.Time `json:"locked_until,omitempty" doc:"Too many tries have failed; a reset unlocks."`
}

func personOf(p *auth.Person) personView {
	return personView{
		ID: p.ID, Email: p.Email, Name: p.Name, Role: p.Role, Active: p.Active, Invited: p.EnteredAt == nil, OIDC: p.Identity != "",
		Locale: p.Locale, CreatedAt: p.CreatedAt, EnteredAt: p.EnteredAt, LockedUntil: p.LockedUntil,
	}
}

type peopleOut struct{ Body peopleList }

type peopleList struct {
	People []personView `json:"people" nullable:"false"`
}

func (s *Server) listPeople(ctx context.Context, _ *struct{}) (*peopleOut, error) {
	if s.People == nil {
		return nil, errNobody
	}
	people, err := s.People.List(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := new(peopleOut)
	out.Body.People = make([]personView, len(people))
	for i := range people {
		out.Body.People[i] = personOf(&people[i])
	}
	return out, nil
}

type newPerson struct {
	Email string    `json:"email" maxLength:"254"`
	Name  string    `json:"name,omitempty" maxLength:"200"`
	Role  auth.Role `json:"role" enum:"admin,editor,lead,operator"`
}

type linkView struct {
	Kind      auth.LinkKind `json:"kind" enum:"invitation,reset"`
	Token     string        `json:"token"`
	Path      string        `json:"path" doc:"Of the page that takes it, to be put after this server's address."`
	ExpiresAt time.Time     `json:"expires_at"`
}

type invitedOut struct{ Body invitedView }

type invitedView struct {
	Person personView `json:"person"`
	Link   linkView   `json:"link"`
}

func invitedBy(p *auth.Person, l *auth.Link) *invitedOut {
	return &invitedOut{invitedView{personOf(p), linkView{l.Kind, l.Token, l.Path(), l.ExpiresAt}}}
}

func (s *Server) invite(ctx context.Context, in *struct{ Body newPerson }) (*invitedOut, error) {
	if s.People == nil {
		return nil, errNobody
	}
	b := &in.Body
	p, link, err := s.People.Invite(ctx, auth.Person{WorkspaceID: caller(ctx).WorkspaceID, Email: b.Email, Name: b.Name, Role: b.Role})
	if err != nil {
		return nil, err
	}
	noted(ctx, p.ID, p.Email+" as "+string(p.Role))
	return invitedBy(&p, &link), nil
}

type personChange struct {
	Name   *string    `json:"name,omitempty" maxLength:"200"`
	Role   *auth.Role `json:"role,omitempty" enum:"admin,editor,lead,operator"`
	Active *bool      `json:"active,omitempty"`
}

type personOut struct{ Body personView }

func (s *Server) changePerson(ctx context.Context, in *struct {
	ByID
	Body personChange
}) (*personOut, error) {
	if s.People == nil {
		return nil, errNobody
	}
	c := auth.Change{Name: in.Body.Name, Role: in.Body.Role, Active: in.Body.Active}
	p, err := s.People.Change(ctx, caller(ctx).WorkspaceID, in.ID, c)
	if err != nil {
		return nil, err
	}
	said := []string{p.Email}
	if c.Role != nil {
		said = append(said, "role "+string(*c.Role))
	}
	if c.Active != nil {
		said = append(said, map[bool]string{true: "active", false: "not active"}[*c.Active])
	}
	noted(ctx, p.ID, strings.Join(said, ", "))
	return &personOut{personOf(&p)}, nil
}

func (s *Server) resetPerson(ctx context.Context, in *ByID) (*invitedOut, error) {
	if s.People == nil {
		return nil, errNobody
	}
	p, link, err := s.People.Reset(ctx, caller(ctx).WorkspaceID, in.ID)
	if err != nil {
		return nil, err
	}
	noted(ctx, p.ID, p.Email)
	return invitedBy(&p, &link), nil
}
