package redact

import (
	"net/netip"
	"strings"
)

// web finds what belongs to computers: e-mail addresses, handles, user names,
// profiles, secrets in web addresses and IP addresses.
func (f *finder) web() {
	for i := range f.t {
		if f.t[i].taken {
			continue
		}
		switch r := f.sym(i); {
		case r == '@':
			f.mail(i)
		case r == ':' && f.sym(i+1) == '/' && f.sym(i+2) == '/' && f.tight(i+1) && f.tight(i+2):
			f.link(i)
		case r == '/' && f.tight(i) && f.tight(i+1):
			f.profile(i)
		case f.t[i].sort == word:
			if f.is(i, atCue) {
				f.saidMail(i)
			}
			if f.is(i, loginCue) {
				f.login(i)
			}
		}
		if f.t[i].sort == number && f.sym(i+1) == '.' && f.tight(i+1) && f.sym(i+3) == '.' || f.sym(i) == ':' && f.tight(i) && f.tight(i+1) {
			f.ip(i)
		}
	}
}

// maxMail bounds either half of an e-mail address, in tokens.
const maxMail = 40

// mail takes the address around the @ at i, or the handle after it.
func (f *finder) mail(i int) {
	lo := i
	for lo > 0 && i-lo < maxMail && f.tight(lo) && f.mailPart(lo-1, "._%+-'’") {
		lo--
	}
	for lo < i && f.t[lo].sort == symbol {
		lo++
	}
	hi := f.domain(i + 1)
	// Some put spaces around the @ against robots.
	if lo == i && hi > 0 && !f.tight(i+1) && f.wordAt(i-1) {
		for lo = i - 1; lo > 0 && i-lo < maxMail && f.tight(lo) && f.mailPart(lo-1, "._%+-'’"); lo-- {
		}
		for lo < i && f.t[lo].sort == symbol {
			lo++
		}
	}
	switch {
	case hi > 0 && lo < i && f.free(lo, hi):
		if !roleMailbox(f.text[f.t[lo].start:f.t[i-1].end]) {
			f.take(Email, lo, hi)
			return
		}
		for j := lo; j < hi; j++ {
			f.t[j].taken = true // not a name either
		}
	case lo == i:
		f.handle(i)
	}
}

// mailPart reports a token that may stand in an address.
func (f *finder) mailPart(j int, symbols string) bool {
	t := &f.t[j]
	return !t.taken && (t.sort == word || t.sort == number || strings.ContainsRune(symbols, t.sym))
}

// domain returns where the domain name that begins at i ends, 0 if none does.
func (f *finder) domain(i int) int {
	end, dot := 0, false
	for j := i; j < len(f.t) && j-i < maxMail && (j == i || f.tight(j)); j++ {
		t := &f.t[j]
		switch {
		case t.taken:
			return end
		case t.sort == word && dot && t.runes >= 2:
			end = j + 1
		case t.sort == word || t.sort == number:
		case t.sym == '.' && j > i && f.tight(j+1):
			dot = true
			continue
		case t.sym == '-' || t.sym == '_':
		default:
			return end
		}
	}
	return end
}

// roleMailbox reports a mailbox of a company rather than of a person.
func roleMailbox(local string) bool {
	switch strings.ToLower(local) {
	case "support", "help", "helpdesk", "info", "sales", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "admin",
		"service", "office", "contact", "contacts", "contactus", "hello", "feedback", "press", "billing", "returns", "hr", "privacy",
		"postmaster", "webmaster", "abuse", "care", "customercare", "customerservice", "team", "shop", "store", "order", "orders",
		"marketing", "security", "dpo", "legal", "claims", "claim", "welcome", "partners", "partner", "warranty", "mail", "client",
		"clients", "job", "jobs", "zakaz", "dostavka", "vozvrat", "podderzhka", "servis", "sale", "refunds", "delivery", "инфо",
		"поддержка", "помощь", "заказ", "tech", "news", "newsletter", "notifications", "notification":
		return true
	}
	return false
}

// saidMail takes an address that is spelled out around word i: ivan (at) mail.ru,
// kate at gmail dot com, иван собака почта точка рф.
func (f *finder) saidMail(i int) {
	lo, hi := i, i+1
	bracket := f.symIn(lo-1, "([{<") && f.symIn(hi, ")]}>")
	if bracket {
		lo, hi = lo-1, hi+1
	}
	end, dotted := f.saidDomain(hi)
	if end == 0 || !f.wordAt(lo-1) && !f.num(lo-1) || !f.sameLine(lo) {
		return
	}
	// "write to me at example.com" is a sentence; in brackets or dotted in
	// words it is an address.
	if !bracket && !dotted && !f.equal(i, "собака", "собачка") {
		return
	}
	start := lo - 1
	for start > 0 && lo-start < maxMail && f.tight(start) && f.mailPart(start-1, "._%+-") {
		start--
	}
	if f.equal(start, "me", "us", "is") || !f.free(start, end) {
		return
	}
	if f.equal(start-1, "точка", "dot") {
		start -= 2
	}
	if start >= 0 {
		f.take(Email, start, end)
	}
}

// saidDomain returns where a domain name that begins at i ends, and whether its
// points are words.
func (f *finder) saidDomain(i int) (end int, dotted bool) {
	if end = f.domain(i); end > 0 {
		return end, false
	}
	j := i
	for j < len(f.t) && j-i < 16 && (f.wordAt(j) || f.num(j)) && f.sameLine(j) {
		k := j + 1
		for f.tight(k) && f.mailPart(k, "-_") {
			k++
		}
		open := f.symIn(k, "([{")
		if open {
			k++
		}
		if !f.equal(k, "dot", "точка", "тчк") {
			break
		}
		k++
		if open && f.symIn(k, ")]}") {
			k++
		}
		if !f.wordAt(k) || f.size(k) < 2 {
			break
		}
		end, dotted = k+1, true
		j = k
	}
	return end, dotted
}

// ip takes the public IP address that begins at i.
func (f *finder) ip(i int) {
	lo := i
	for lo > 0 && i-lo < 8 && f.tight(lo) && f.t[lo-1].sort != symbol {
		lo--
	}
	hi := i
	for ; hi < len(f.t) && hi-i < 32 && (hi == i || f.tight(hi)) && (f.t[hi].sort != symbol || f.symIn(hi, ".:")); hi++ {
	}
	for hi > lo+1 && f.t[hi-1].sort == symbol {
		hi--
	}
	a, err := netip.ParseAddr(f.text[f.t[lo].start:f.t[hi-1].end])
	if err != nil && f.t[lo].sort == number && hi > lo+7 && f.sym(lo+7) == ':' {
		hi = lo + 7 // a port follows
		a, err = netip.ParseAddr(f.text[f.t[lo].start:f.t[hi-1].end])
	}
	if err != nil || a.IsPrivate() || a.IsLoopback() || a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() {
		return
	}
	switch a.String() {
	case "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "77.88.8.8", "77.88.8.1":
		return // public name servers, met in instructions
	}
	if a.Is6() && hi-lo < 7 || f.symIn(lo-1, "/v") && f.tight(lo) || f.is(lo-1, notCue) || f.is(lo-2, notCue) || !f.free(lo, hi) {
		return
	}
	f.take(IP, lo, hi)
}
