package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// PilotBody is a pilot as it is written.
type PilotBody struct {
	Profile string   `json:"profile" maxLength:"64" doc:"The profile on trial."`
	Control string   `json:"control,omitempty" maxLength:"64" doc:"Profile of the groups' other operators; the workspace's default if missing."`
	Groups  []string `json:"groups,omitempty" maxItems:"100" example:"[\"Доставка\"]" doc:"Groups of operators that take part; all if missing." nullable:"false"`
	Percent int      `json:"percent" minimum:"0" maximum:"100" doc:"Share of the groups' operators that are answered by the profile on trial."`
}

type pilotView struct {
	Name string `json:"name"`
	PilotBody
	Status    experiment.Status   `json:"status" enum:"draft,running,stopped"`
	Says      string              `json:"says" doc:"What comes of it, in words."`
	Author    string              `json:"author,omitempty" doc:"Who made it."`
	History   []experiment.Change `json:"history" nullable:"false" doc:"Who changed it and when, oldest first: the last 200 changes."`
	CreatedAt time.Time           `json:"created_at"`
	UpdatedAt time.Time           `json:"updated_at"`
}

func pilotOf(p *experiment.Pilot) pilotView {
	return pilotView{
		Name: p.Name, PilotBody: PilotBody{p.Profile, p.Control, p.Groups, p.Percent}, Status: p.Status, Says: says(p), Author: p.Author,
		History: p.History, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

// says tells what comes of a pilot, for those who are about to change it.
func says(p *experiment.Pilot) string {
	switch p.Status {
	case experiment.Draft:
		return "Not started: nobody is answered differently. Once it is started, " + split(p)
	case experiment.Stopped:
		return "Stopped: everybody is answered by default, as before it was started."
	}
	return sentence(split(p))
}

// split tells which of a pilot's operators are answered by what.
func split(p *experiment.Pilot) string {
	who := "the operators of " + listing(p.Groups)
	if len(p.Groups) == 0 {
		who = "the operators of every group"
	}
	tried, others := "profile "+p.Profile, "default"
	if p.Control != "" {
		others = "profile " + p.Control
	}
	switch p.Percent {
	case 0:
		return fmt.Sprintf("all of %s are answered by %s, and none by %s.", who, others, tried)
	case 100:
		return fmt.Sprintf("all of %s are answered by %s.", who, tried)
	}
	return fmt.Sprintf("%d %% of %s are answered by %s; the others by %s.", p.Percent, who, tried, others)
}

// listing joins names as in a sentence.
func listing(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// sentence begins s with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

type pilotOut struct {
	Status int
	Body   pilotView
}

func piloted(p *experiment.Pilot, err error) (*pilotOut, error) {
	if err != nil {
		return nil, err
	}
	return &pilotOut{http.StatusOK, pilotOf(p)}, nil
}

type pilotsOut struct{ Body pilotList }

type pilotList struct {
	Pilots []pilotView `json:"pilots" nullable:"false" doc:"Oldest first."`
}

func (s *Server) listPilots(ctx context.Context, _ *struct{}) (*pilotsOut, error) {
	ps, err := s.Pilots.List(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := new(pilotsOut)
	out.Body.Pilots = make([]pilotView, len(ps))
	for i := range ps {
		out.Body.Pilots[i] = pilotOf(&ps[i])
	}
	return out, nil
}

func (s *Server) pilot(ctx context.Context, in *ByName) (*pilotOut, error) {
	p, err := s.Pilots.Pilot(ctx, caller(ctx).WorkspaceID, in.Name)
	return piloted(&p, err)
}

// Which operators are split evenly when a pilot is made: those who asked for
// something lately. Beyond so many a hash alone is even to a point.
const (
	lately     = 90 * 24 * time.Hour
	mostEvenly = 2000
)

func (s *Server) putPilot(ctx context.Context, in *struct {
	ByName
	Body PilotBody
}) (*pilotOut, error) {
	key := caller(ctx)
	known, err := s.Store.Operators(ctx, key.WorkspaceID, in.Body.Groups, time.Now().Add(-lately), mostEvenly)
	if err != nil {
		return nil, err
	}
	p := &experiment.Pilot{
		WorkspaceID: key.WorkspaceID, Name: in.Name, Profile: in.Body.Profile, Control: in.Body.Control, Groups: in.Body.Groups,
		Percent: in.Body.Percent, Author: authorOf(key),
	}
	if p.Control == retrieval.DefaultName {
		p.Control = "" // the same by another name
	}
	if p.Profile == retrieval.DefaultName && p.Control == "" {
		return nil, fmt.Errorf("%w: pilot %s: both arms have the default profile: name another profile", experiment.ErrInvalid, p.Name)
	}
	created, err := s.Pilots.Put(ctx, p, known)
	out, err := piloted(p, err)
	if created && err == nil {
		out.Status = http.StatusCreated
	}
	return out, err
}

func (s *Server) startPilot(ctx context.Context, in *ByName) (*pilotOut, error) {
	key := caller(ctx)
	p, err := s.Pilots.Pilot(ctx, key.WorkspaceID, in.Name)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{p.Profile, p.Control} {
		_, err := s.Store.Profile(ctx, key.WorkspaceID, name)
		if errors.Is(err, retrieval.ErrNotFound) {
			return nil, fmt.Errorf("%w: pilot %s: there is no profile %s: write it first", experiment.ErrInvalid, p.Name, name)
		}
		if err != nil {
			return nil, err
		}
	}
	p, err = s.Pilots.Start(ctx, key.WorkspaceID, in.Name, authorOf(key))
	return piloted(&p, err)
}

func (s *Server) stopPilot(ctx context.Context, in *ByName) (*pilotOut, error) {
	key := caller(ctx)
	p, err := s.Pilots.Stop(ctx, key.WorkspaceID, in.Name, authorOf(key))
	return piloted(&p, err)
}

type rampIn struct {
	Percent int `json:"percent" minimum:"0" maximum:"100"`
}

func (s *Server) rampPilot(ctx context.Context, in *struct {
	ByName
	Body rampIn
}) (*pilotOut, error) {
	key := caller(ctx)
	noted(ctx, "", fmt.Sprintf("%d %%", in.Body.Percent))
	p, err := s.Pilots.Ramp(ctx, key.WorkspaceID, in.Name, authorOf(key), in.Body.Percent)
	return piloted(&p, err)
}

type assignmentIn struct {
	ByName
	Operator string `query:"operator" maxLength:"128" doc:"As in operator.id of a suggestion."`
	Group    string `query:"group" maxLength:"128" doc:"As in operator.group."`
}

type assignmentOut struct{ Body assignmentView }

type assignmentView struct {
	Pilot   string `json:"pilot"`
	In      bool   `json:"in" doc:"Whether the operator takes part, in either arm."`
	Arm     string `json:"arm,omitempty" enum:"pilot,control" doc:"Missing for one who takes no part."`
	Profile string `json:"profile" doc:"How the operator is answered where a request names no profile."`
	Why     string `json:"why" doc:"In words."`
}

func (s *Server) assignment(ctx context.Context, in *assignmentIn) (*assignmentOut, error) {
	p, err := s.Pilots.Pilot(ctx, caller(ctx).WorkspaceID, in.Name)
	if err != nil {
		return nil, err
	}
	v := assignmentView{Pilot: p.Name, Profile: retrieval.DefaultName}
	v.Arm, v.In = p.Assign(in.Group, in.Operator)
	if v.In {
		a, _ := experiment.Pick([]experiment.Pilot{p}, in.Group, in.Operator)
		v.Profile, v.Why = named(a.Profile), drawnWhy(&p, in.Operator)
		return &assignmentOut{v}, nil
	}
	v.Why = outside(&p, in)
	others, err := s.Pilots.Running(ctx, p.WorkspaceID)
	if err != nil {
		return nil, err
	}
	if a, in := experiment.Pick(others, in.Group, in.Operator); in && a.Pilot != p.Name {
		v.Profile = named(a.Profile)
		v.Why += " Pilot " + a.Pilot + " has the operator in its arm " + a.Arm + "."
	}
	return &assignmentOut{v}, nil
}

// named is the name by which a profile that may be the default is looked up.
func named(profile string) string {
	if profile == "" {
		return retrieval.DefaultName
	}
	return profile
}

// outside says why an operator takes no part in a pilot.
func outside(p *experiment.Pilot, in *assignmentIn) string {
	switch {
	case in.Operator == "":
		return "An operator without an id takes no part: nobody could tell that it is the same one next time."
	case !p.Covers(in.Group) && in.Group == "":
		return "The pilot is for " + listing(p.Groups) + ", and the operator has no group."
	case !p.Covers(in.Group):
		return "The pilot is for " + listing(p.Groups) + " and not for " + in.Group + "."
	case p.Status == experiment.Stopped:
		return "The pilot is stopped. While it runs: " + drawnWhy(p, in.Operator)
	}
	return "The pilot is not started. Once it is: " + drawnWhy(p, in.Operator)
}

// drawnWhy says which arm the hash puts an operator in.
func drawnWhy(p *experiment.Pilot, operator string) string {
	relation, arm := "not below", experiment.ArmControl
	if p.Draws(operator) {
		relation, arm = "below", experiment.ArmPilot
	}
	return fmt.Sprintf("The hash of salt and operator is %.2f %%, which is %s the pilot's %d %%: the arm is %s.",
		100*float64(experiment.Bucket(p.Salt, operator))/experiment.Buckets, relation, p.Percent, arm)
}

// assign notes in ask by which arm of which pilot it is to be answered. A
// request that names a profile gets that one, outside of every pilot, and so
// does one for a reply that goes out unattended: what is on trial is tried on
// operators, who can tell, and not on customers.
func (s *Server) assign(ctx context.Context, ask *retrieval.Ask) error {
	if ask.Profile != "" || ask.Mode == retrieval.ForCustomer {
		return nil
	}
	a, in, err := s.Pilots.Assign(ctx, ask.Workspace, ask.OperatorGroup, ask.OperatorID)
	if err != nil || !in {
		return err
	}
	_, err = s.Store.Profile(ctx, ask.Workspace, a.Profile)
	if errors.Is(err, retrieval.ErrNotFound) {
		// It was deleted in the moment in which the pilot was started. That is
		// no reason to leave operators without answers.
		s.Log.ErrorContext(ctx, "pilot passed over: it has no profile", "request", requestID(ctx), "pilot", a.Pilot, "profile", a.Profile)
		return nil
	}
	if err != nil {
		return err
	}
	ask.Profile, ask.Pilot, ask.Arm = a.Profile, a.Pilot, a.Arm
	return nil
}

type profilesOut struct{ Body profileList }

type profileList struct {
	Profiles []retrieval.Profile `json:"profiles" nullable:"false" doc:"By name."`
}

func (s *Server) listProfiles(ctx context.Context, _ *struct{}) (*profilesOut, error) {
	ps, err := s.Store.Profiles(ctx, caller(ctx).WorkspaceID)
	return &profilesOut{profileList{ps}}, err
}

// deleteProfile deletes a profile that no running pilot needs. The default is
// there again at once, so it may be reset under a pilot as it may be changed.
func (s *Server) deleteProfile(ctx context.Context, in *ByName) (*none, error) {
	workspace := caller(ctx).WorkspaceID
	ps, err := s.Pilots.List(ctx, workspace)
	if err != nil {
		return nil, err
	}
	using := slices.IndexFunc(ps, func(p experiment.Pilot) bool {
		return p.Status == experiment.Running && (p.Profile == in.Name || p.Control == in.Name)
	})
	if using >= 0 && in.Name != retrieval.DefaultName {
		return nil, fmt.Errorf("%w: pilot %s is running with profile %s: stop it first", experiment.ErrConflict, ps[using].Name, in.Name)
	}
	return nil, s.Store.DeleteProfile(ctx, workspace, in.Name)
}
