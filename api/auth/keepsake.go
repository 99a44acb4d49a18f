package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// Keepsake is what a browser keeps of somebody who has signed in there with
// their password, so that it is told from a stranger's: its tries are counted
// by themselves, and whoever guesses at an account cannot keep its owner out.
// It opens nothing, is made by the hash of the password, which nobody else
// knows, and holds as long as the password. It is empty for who has none.
func (p *Person) Keepsake() string {
	if p.Hash == "" {
		return ""
	}
	nonce := secret()
	return nonce + "." + p.keepsake(nonce)
}

func (p *Person) keepsake(nonce string) string {
	mac := hmac.New(sha256.New, []byte(p.Hash))
	mac.Write([]byte("whetstone keepsake " + p.ID + " " + nonce))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// gave reports whether the keepsake is one of the person's.
func (p *Person) gave(keepsake string) bool {
	nonce, sum, ok := strings.Cut(keepsake, ".")
	return ok && p.Hash != "" && subtle.ConstantTimeCompare([]byte(sum), []byte(p.keepsake(nonce))) == 1
}

// browserOf names the tries of a browser that has a keepsake.
func browserOf(keepsake string) string { return "browser:" + hash(keepsake) }
