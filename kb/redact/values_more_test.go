package redact

import "strings"

func (w writer) russianAddress(form string) string {
	town := w.pick("г. Москва|г. Казань|Москва|Санкт-Петербург|г.Екатеринбург|г Самара|Новосибирск|гор. Тула|город Пермь|Московская обл., г. Химки|с. Ивановка|Клин|Ростов-на-Дону|Республика Татарстан, г. Казань")
	way := w.pick("ул. Ленина|улица Гагарина|ул.Мира|пр. Победы|Невский пр.|проспект Вернадского|пер. Садовый|ул. 8 Марта|3-я Парковая ул.|ул. Маршала Жукова|Ленинградское шоссе|наб. реки Фонтанки|б-р Дмитрия Донского|ул. А. С. Пушкина|пл. Революции|мкр. Северный|ул. 50 лет Октября|Садовая улица|ул. Большая Ордынка|пр-т Мира")
	num := w.digits(w.pick("9|90|90|900"))
	house := w.pick(", д. " + num + "|, дом " + num + "|, " + num + "| " + num + "|, д." + num + "А|, " + num + "/2|, д. " + num + ", корп. 2|, д. " + num + " стр. 1|, " + num + "к3")
	home := w.pick(", кв. " + w.digits("90") + "|, кв." + w.digits("90") + "|, квартира " + w.digits("90") + "|, оф. " + w.digits("90"))
	switch form {
	case "short":
		return way + house
	case "index":
		return w.digits("1900000")[:6] + ", " + town + ", " + way + house + home
	case "small":
		return w.pick("ул ленина 5 кв 12|улица мира дом 10|ул. гагарина, д. 7, кв. 3|пр-т ленина д 4 кв 56|улица советская 14")
	}
	if w.IntN(4) == 0 {
		return w.digits("190000") + ", " + town + ", " + way + house + home
	}
	return town + ", " + way + house + home
}

func (w writer) englishAddress(form string) string {
	num := w.digits(w.pick("9|90|900|9000")) + w.pick("||||A|B")
	usWay := w.pick("Main St|Oak Avenue|Elm St.|Maple Drive|W 42nd Street|5th Avenue|Martin Luther King Blvd|Sunset Blvd|Pine Ridge Road|Park Ave|North Lake Shore Drive|Cedar Ln|Washington Street|Old Mill Rd|Cherry Hill Ct")
	ukWay := w.pick("Baker Street|High Street|Oak Road|Church Lane|Victoria Road|Station Road|Mill Close|Queens Gardens|St. John's Road|Elm Grove|Kingsway Terrace|The Crescent|London Road")
	unit := w.pick("|| Apt 4|, Apt 4B|, Suite 200| #12|, Unit 7")
	city := w.pick("Springfield, IL 62704|New York, NY 10001|Austin, TX 78701-1234|Portland, Oregon 97201|San Francisco, CA 94103|Los Angeles CA 90012|Cedar Rapids, IA 52401|Boise, ID 83702")
	uk := w.pick("London NW1 6XE|Leeds LS1 4AB|Manchester, M1 1AE|London, SW1A 1AA|Bristol BS8 1TH|Milton Keynes, MK9 3XS|Tunbridge Wells, TN1 1AA|Edinburgh EH1 1YZ")
	switch form {
	case "us":
		return num + " " + usWay + unit + ", " + city
	case "uk":
		return w.pick("|||Flat 3, |Flat 12B, ") + num + " " + ukWay + ", " + uk
	case "street":
		return num + " " + w.pick(usWay+"|"+ukWay)
	case "lines":
		return num + " " + usWay + "\n" + city
	case "small":
		return w.pick("123 main st apt 4|42 oak road|7 church lane|19 elm street")
	case "po":
		return w.pick("PO Box 123|P.O. Box 4567|PO Box 77, Leeds LS1 4AB")
	case "postcode":
		return w.pick("NW1 6XE|LS1 4AB|M1 1AE|SW1A 1AA|EC1V 9NR")
	}
	return num + " " + usWay
}

func (w writer) other(kind Kind, form string) string {
	switch kind {
	case Insurance:
		switch form {
		case "us":
			return w.digits("900-90-0000")
		case "uk":
			return w.pick("QQ 12 34 56 C|AB123456D|JK 65 43 21 A")
		}
		return w.pick(w.digits("900-000-000 00") + "|" + w.digits("900-000-000-00") + "|" + w.digits("90000000000"))
	case TaxID:
		return w.pick(w.digits("900000000000") + "|" + w.digits("9000000000"))
	case Account:
		switch form {
		case "iban":
			return w.pick("GB82 WEST 1234 5698 7654 32|DE89370400440532013000|FR14 2004 1010 0505 0001 3M02 606|NL91ABNA0417164300")
		case "bank":
			return "40817810" + w.digits("000000000000")
		}
		return w.digits(w.pick("90000000|9000000000|900000"))
	case Device:
		return w.digits("35900000000000" + "0")
	case Login:
		if form == "at" {
			return w.pick("@ivan_petrov|@kate2000|@j_smith|@olga_k_85")
		}
		return w.pick("ivan_petrov|kate2000|j.smith77|super_man")
	case Secret:
		return w.pick("qwerty123|P@ssw0rd!x|Ivan1985|kjh76FGH")
	case Birth:
		return w.pick("12.05.1985|01/02/1990|3 March 1979|17.11.2001|1988-07-23")
	case IP:
		return w.pick("95.165.12.33|203.0.113.77|178.62.1.250|2a02:6b8:0:1::feed:ff")
	}
	return strings.TrimSpace(string(kind))
}
