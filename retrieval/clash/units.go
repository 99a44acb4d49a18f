package clash

import "github.com/whetstone-desk/whetstone/retrieval/forms"

// A unit is what a number is counted in. Units of one family compare by factor.
type unit struct {
	family string // "" none: the number counts the noun behind it
	factor float64
}

// Families that are read apart.
const (
	familyTime  = "time"  // in minutes
	familyMoney = "money" // of any currency; with its name behind: money:rub
)

// families names those of package forms but for time and money.
var families = map[forms.Family]string{
	forms.Percent: "percent", forms.Weight: "weight", forms.Length: "length", forms.Volume: "volume", forms.Size: "size", forms.Speed: "speed",
	forms.Pixel: "pixel", forms.Degree: "degree", forms.Power: "watt", forms.Charge: "charge", forms.Point: "point",
}

// unitOf returns the unit that a word names, or the zero unit. Here months and
// years are time as any other: thirty days, and 365.
func unitOf(norm string) unit {
	switch u := forms.UnitOf(norm); {
	case u.Family == forms.Clock:
		return unit{familyTime, u.Factor}
	case u.Name == "month":
		return unit{familyTime, 30 * 1440}
	case u.Name == "year":
		return unit{familyTime, 365 * 1440}
	case u.Family == forms.Money:
		return unit{familyMoney + ":" + u.Currency(), u.Factor}
	default:
		return unit{families[u.Family], u.Factor}
	}
}

// amount returns what a word for a number above one says, or 0.
func amount(norm string) float64 {
	if v, ok := forms.Number(norm); ok && v > 1 {
		return v
	}
	return 0
}
