package policy

// A valueType checks a value, already valid UTF-8 of bounded length and not
// empty, and gives its normal form; "" when it is not of the type. region is
// where a number without a country belongs.
type valueType struct {
	name     string
	what     string // "an e-mail address": what a value should have been
	normal   func(v, region string) string
	mask     func(v string) string
	category string // of items of this type that name none (Fides/IAB taxonomy); "": they must
	secret   bool   // can be verified and never read
}

func typesByName() map[string]valueType {
	out := map[string]valueType{}
	for t := range valueTypes {
		out[t.name] = t
	}
	return out
}

// valueTypes goes through every type of value: how it is checked, how it is
// masked, and the category it has by itself. The table stays on the stack: it is
// looked at for every value.
func valueTypes(yield func(valueType) bool) {
	year := func(v string) string { return v[:4] + "-**-**" }
	half := func(v string) string { return v[:8] + ":**:**:**" }
	stars := func(string) string { return "********" }
	table := [...]valueType{
		{"account-id", "an id without spaces", opaque, maskEnds, "user.account", false},
		{"address", "an address in one to ten lines", address, maskStart, "user.contact.address", false},
		{"advertising-id", "an advertising id: 32 hexadecimal digits", advertisingID, maskTail, "user.device.device_id", false},
		{"amount", "an amount with its currency, such as 12.50 EUR", amount, maskAll, "user.financial", false},
		{"android-id", "16 hexadecimal digits", androidID, maskTail, "user.device.device_id", false},
		{"app", "the id of an app, such as com.company.app", appID, maskAll, "user.device", false},
		{"bank-account", "a bank account number, or an IBAN with right check digits", bankAccount, maskTail, "user.financial.bank_account", false},
		{"base-station", "a base station such as 460-00-9763-37041", baseStation, maskAll, "user.location", false},
		{"beacon", "what a beacon reports, without control characters", plainText, maskAll, "user.behavior.browsing_history", false},
		{"birth-date", "a date such as 1990-05-17", date, year, "user.demographic.date_of_birth", false},
		{"bssid", "the MAC address of a WiFi network", mac, half, "user.device", false},
		{"click", "text without control characters", plainText, maskAll, "user.behavior", false},
		{"cn-resident-id", "an 18-character resident identity number with a right check character", residentID, maskEnds, "user.government_id.national_identification_number", false},
		{"coordinates", "latitude and longitude such as 24.4798, 118.0894", coordinates, maskAll, "user.location.precise", false},
		{"cookie", "the value of a cookie (RFC 6265)", cookieValue, maskTail, "user.device.cookie_id", false},
		{"country", "a country code such as CN", country, maskAll, "", false},
		{"crash-log", "text without control characters", plainText, maskAll, "user.device.telemetry", false},
		{"date", "a date such as 1990-05-17", date, year, "", false},
		{"device-id", "an id without spaces", opaque, maskTail, "user.device.device_id", false},
		{"email", "an e-mail address", email, maskEmail, "user.contact.email", false},
		{"enterprise-certificate", "an 18-character social credit code with a right check character", creditCode, maskEnds, "user.workplace", false},
		{"feedback", "text without control characters", plainText, maskAll, "user.content", false},
		{"flag", "true or false", flagValue, maskAll, "", false},
		{"gender", "female, male, other or undisclosed", gender, maskAll, "user.demographic.gender", false},
		{"imei", "15 digits with a right check digit", imei, maskTail, "user.device.device_id", false},
		{"imsi", "14 or 15 digits of a SIM card", imsi, maskTail, "user.device.device_id", false},
		{"invoice", "an id without spaces", opaque, maskTail, "user.financial", false},
		{"ip", "an IP address", ipAddress, maskIP, "user.device.ip_address", false},
		{"language", "a language such as en or zh-CN", languageTag, maskAll, "user.device", false},
		{"mac", "a MAC address such as 02:00:5e:10:00:01", mac, half, "user.device.device_id", false},
		{"media", "the reference of a picture, sound or film, without spaces", opaque, maskTail, "user.content", false},
		{"message", "text without control characters", plainText, maskAll, "user.content.private", false},
		{"name", "a name", personName, maskName, "user.name", false},
		{"number", "a number", decimal, maskAll, "", false},
		{"operation-log", "text without control characters", plainText, maskAll, "user.behavior", false},
		{"order", "an id without spaces", opaque, maskTail, "user.behavior.purchase_history", false},
		{"page-view", "the address or path of a page", pageView, maskPage, "user.behavior.browsing_history", false},
		{"passport", "a passport number of 6 to 9 letters and digits", passport, maskEnds, "user.government_id.passport_number", false},
		{"payment-card", "a card number with a right check digit", cardNumber, maskTail, "user.financial.credit_card", false},
		{"phone", "a phone number with its country, such as +86 138 0013 8000", phone, maskPhone, "user.contact.phone_number", false},
		{"place", "the name of a place", placeName, maskAll, "user.location.imprecise", false},
		{"postal-code", "a postal code", postalCode, maskAll, "user.contact.address.postal_code", false},
		{"reference", "an id without spaces", opaque, maskTail, "", false},
		{"screen", "a resolution such as 1080x2400", screen, maskAll, "user.device", false},
		{"search", "text without control characters", plainText, maskAll, "user.behavior.search_history", false},
		{"secret", "a password of 8 to 1024 bytes", secret, stars, "user.credentials.password", true},
		{"security-answer", "an answer of 1 to 256 bytes", answer, stars, "user.credentials", true},
		{"ssid", "the name of a WiFi network, at most 32 bytes", ssid, maskStart, "user.device", false},
		{"subscription", "an id or name of a subscription", personName, maskAll, "user.account.settings", false},
		{"survey", "text without control characters", plainText, maskAll, "user.content", false},
		{"text", "text without control characters", plainText, maskAll, "", false},
		{"time", "a time such as 2026-03-01T12:00:00Z", instant, year, "", false},
		{"url", "an address that begins with https:// or http://", webAddress, maskURL, "", false},
		{"user-agent", "what a browser calls itself", userAgent, maskAll, "user.device", false},
		{"uuid", "a UUID", uuid, maskTail, "user.device.device_id", false},
		{"version", "a version such as 2.4.1", versionNumber, maskAll, "user.device", false},
	}
	for i := range table {
		if !yield(table[i]) {
			return
		}
	}
}
