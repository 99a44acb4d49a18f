package redact

import "strings"

// handle takes @ivan_petrov, given its @ at i.
func (f *finder) handle(i int) {
	if i > 0 && f.tight(i) && !f.symIn(i-1, "(,:;/\"«'") {
		return
	}
	hi, size, sure := f.loginEnd(i + 1)
	if hi == 0 || !f.tight(i+1) || size < 4 || f.symIn(hi, "/(") && f.tight(hi) {
		return
	}
	if !sure && f.all&loginCue == 0 || roleMailbox(f.text[f.t[i+1].start:f.t[hi-1].end]) {
		return
	}
	if s := strings.ToLower(f.text[f.t[i+1].start:f.t[hi-1].end]); strings.Contains(s, "support") || strings.HasSuffix(s, "bot") {
		return
	}
	f.take(Login, i, hi)
}

// loginEnd returns where the user name that begins at i ends and its length;
// sure says that it looks like nothing else, holding a digit or an underscore.
func (f *finder) loginEnd(i int) (hi, size int, sure bool) {
	for hi = i; hi < len(f.t) && hi-i < maxMail && (hi == i || f.tight(hi)) && !f.t[hi].taken; hi++ {
		t := &f.t[hi]
		switch {
		case t.sort == word && t.shape&latin != 0:
		case t.sort == number && hi > i:
			sure = true
		case t.sym == '_':
			sure = true
		case (t.sym == '.' || t.sym == '-') && hi > i && f.tight(hi+1):
		default:
			if hi == i {
				return 0, 0, false
			}
			return hi, size, sure
		}
		size += int(t.runes)
	}
	if hi == i {
		return 0, 0, false
	}
	return hi, size, sure
}

// login takes the user name that word i announces: "логин: petrov77", "my
// telegram is kate_b".
func (f *finder) login(i int) {
	j, marked := i+1, false
	for ; j < len(f.t) && j-i < 6 && f.sameLine(j); j++ {
		switch {
		case f.symIn(j, ":=") || f.equal(j, "is"):
			marked = marked || f.sym(j) != 0 || !f.is(i, role) && f.equal(i, "login", "username", "nickname", "логин", "ник")
		case f.symIn(j, "-–—\"'«") || f.is(j, numberCue|loginCue) || f.equal(j, "мой", "моя", "у", "меня", "под", "в", "my", "name", "on"):
		default:
			hi, size, sure := f.loginEnd(j)
			if hi > 0 && size >= 3 && f.t[j].space && (sure || marked && f.sym(hi) != '/' && f.sym(hi) != ':' && f.t[j].flags&(never|inward) == 0) && f.free(j, hi) {
				f.take(Login, j, hi)
			}
			return
		}
	}
}

// maxSecret bounds a password, in tokens.
const maxSecret = 24

// secrets takes what follows "password:" and the like.
func (f *finder) secrets() {
	for i := range f.t {
		if !f.is(i, secretCue) || f.t[i].taken {
			continue
		}
		j, marked := i+1, false
		for ; j < len(f.t) && j-i < 5 && f.sameLine(j); j++ {
			if f.symIn(j, ":=") || f.equal(j, "is") {
				marked = true
			} else if !f.symIn(j, "-–—\"'«`") && !f.is(j, numberCue|secretCue) && !f.equal(j, "my", "мой", "от", "was") {
				break
			}
		}
		if j >= len(f.t) || !f.sameLine(j) || f.t[j].taken || f.symIn(j, "?.,!") {
			continue
		}
		digits := false
		hi := j + 1
		for ; hi < len(f.t) && hi-j < maxSecret && f.tight(hi) && !f.t[hi].taken; hi++ {
		}
		for hi > j+1 && f.symIn(hi-1, ".,;)\"'»") {
			hi--
		}
		for n := j; n < hi; n++ {
			digits = digits || f.t[n].sort == number
		}
		// "password is wrong" is a complaint: a secret has a digit.
		if digits && (marked || f.num(j) && hi == j+1 && f.size(j) >= 3 && f.size(j) <= 6 && f.sameLine(j) && !f.amount(j, hi)) {
			f.take(Secret, j, hi)
		}
	}
}

// link takes the secrets out of a web address, given its "://" at i. The rest of
// the address says what the customer was looking at and stays.
func (f *finder) link(i int) {
	j := i + 3
	for ; j < len(f.t) && f.tight(j) && !f.symIn(j, "<>\"»"); j++ {
		if f.t[j].taken {
			continue
		}
		if f.sym(j-1) == '/' && f.num(j) && f.equal(j-2, "order", "orders", "zakaz", "track", "tracking") {
			f.take(Order, j, j+1)
		}
		if f.t[j].sort == word && f.sym(j+1) == '=' && f.tight(j+1) && f.symIn(j-1, "?&;#_") && f.personalParam(j) {
			hi := j + 2
			for hi < len(f.t) && f.tight(hi) && !f.symIn(hi, "&#;\"'<>)") && !f.t[hi].taken {
				hi++
			}
			for hi > j+2 && f.symIn(hi-1, ".,!?") {
				hi--
			}
			if hi > j+2 && f.free(j+2, hi) {
				f.take(Secret, j+2, hi)
			}
			j = hi - 1
		}
	}
	for n := i; n < j; n++ {
		f.t[n].taken = true // a page's number is no phone
	}
}

// personalParam reports a parameter of a web address that lets its bearer in or
// says who they are.
func (f *finder) personalParam(i int) bool {
	return f.equal(i, "token", "key", "auth", "session", "sid", "sessionid", "password", "pass", "pwd", "secret", "sig", "signature", "code",
		"hash", "apikey", "access", "jwt", "email", "phone", "user", "userid", "uid", "login", "otp", "phpsessid", "order", "orderid")
}

// profile takes the name in t.me/name, vk.com/id1 and wa.me/79161234567, given
// the slash at i.
func (f *finder) profile(i int) {
	s := strings.ToLower(f.text[max(0, f.t[i].start-13):f.t[i].start])
	for _, site := range [...]string{"t.me", "vk.com", "instagram.com", "facebook.com", "fb.com", "wa.me", "ok.ru/profile", "linkedin.com/in", "twitter.com", "x.com"} {
		rest, ok := strings.CutSuffix(s, site)
		if !ok || rest != "" && rest[len(rest)-1] >= 'a' && rest[len(rest)-1] <= 'z' {
			continue
		}
		hi := i + 1
		if f.equal(hi, "help", "pages", "groups", "watch", "legal", "business", "events", "joinchat", "wall", "share", "sharer", "p", "reel") {
			return
		}
		for hi < len(f.t) && hi-i < maxMail && f.tight(hi) && f.mailPart(hi, "._-") {
			hi++
		}
		for hi > i+1 && f.t[hi-1].sort == symbol {
			hi--
		}
		if hi > i+1 && f.free(i+1, hi) && !strings.Contains(strings.ToLower(f.text[f.t[i].start:f.t[hi-1].end]), "support") {
			f.take(Login, i+1, hi)
		}
		return
	}
}
