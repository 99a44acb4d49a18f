package experiment

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
)

// The arms of a pilot, as they are stamped on suggestions.
const (
	ArmPilot   = "pilot"
	ArmControl = "control"
)

// Buckets is into how many parts operators are hashed: a percentage is so many
// hundreds of them.
const Buckets = 10000

// An Assignment says how an operator's question is answered under a pilot.
type Assignment struct {
	Pilot   string // its name
	Arm     string // ArmPilot or ArmControl
	Profile string // of the arm; empty: the workspace's default
}

// Bucket returns the bucket of an operator, from 0 to Buckets-1: the first
// eight bytes of the SHA-256 of salt and operator, modulo Buckets. Under
// another salt the same operator falls anywhere, so two pilots draw
// independently of each other.
func Bucket(salt, operator string) int {
	sum := sha256.Sum256([]byte(salt + "\x00" + operator))
	return int(binary.BigEndian.Uint64(sum[:8]) % Buckets)
}

// Draws reports whether the operator is drawn into the pilot arm. Who is drawn
// stays drawn at every higher percentage, and who is not stays out at every
// lower one.
func (p *Pilot) Draws(operator string) bool {
	return Bucket(p.Salt, operator) < p.Percent*(Buckets/100)
}

// Assign returns the arm of an operator of a group; in is false for one who
// takes no part, in either arm: an operator without an id, since such cannot
// be given the same arm twice, one of a group that the pilot does not cover,
// and everybody while the pilot is not running.
func (p *Pilot) Assign(group, operator string) (arm string, in bool) {
	if p.Status != Running || operator == "" || !p.Covers(group) {
		return "", false
	}
	if p.Draws(operator) {
		return ArmPilot, true
	}
	return ArmControl, true
}

// Pick returns the assignment of an operator under the first of the pilots
// that takes the operator in: with the pilots in the order of Store.Running,
// the oldest. The Store lets no two run for one group, so that it matters only
// which of them it is for a process that has not heard of a stop yet.
func Pick(pilots []Pilot, group, operator string) (a Assignment, in bool) {
	for i := range pilots {
		p := &pilots[i]
		arm, in := p.Assign(group, operator)
		if !in {
			continue
		}
		a = Assignment{Pilot: p.Name, Arm: arm, Profile: p.Control}
		if arm == ArmPilot {
			a.Profile = p.Profile
		}
		return a, true
	}
	return Assignment{}, false
}

// drawn is how many salts Salt chooses from. One in ten splits 200
// operators evenly to 4 points at every percentage, so that all miss it in one
// pilot of 700,000.
const drawn = 128

// Salt returns a new salt, made of bytes of random. Of many it is the one that
// splits the given operators most evenly at every percentage: a hash alone
// puts anything from 5 to 16 of 50 operators into a pilot of 20 %. That the
// split is drawn again until it is even leaves it blind to what the operators
// do (rerandomization: Morgan and Rubin, Annals of Statistics 40, 2012). Of
// operators who come later, about as many join as the percentage says.
func Salt(random io.Reader, operators []string) (string, error) {
	best, least := "", math.Inf(1)
	for range drawn {
		var b [16]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", fmt.Errorf("experiment: draw salt: %w", err)
		}
		salt := hex.EncodeToString(b[:])
		if u := uneven(salt, operators); u < least {
			best, least = salt, u
		}
	}
	return best, nil
}

// uneven returns how far the share of the operators below any bucket is from
// the bucket's own at most: Kolmogorov's distance from even, from 0 to 1.
func uneven(salt string, operators []string) float64 {
	buckets := make([]int, len(operators))
	for i, o := range operators {
		buckets[i] = Bucket(salt, o)
	}
	slices.Sort(buckets)
	most, n := 0.0, float64(len(operators))
	for i, b := range buckets {
		at := float64(b) / Buckets
		most = max(most, math.Abs(at-float64(i)/n), math.Abs(float64(i+1)/n-at))
	}
	return most
}
