package notify

// words are those of a language, by what they stand for: the kinds of notices,
// what they are about, and the names of their data.
func words(language string) map[string]string {
	if language == "ru" {
		return russian()
	}
	return english()
}

func russian() map[string]string {
	return map[string]string{
		"gap.opened":          "Найден пробел в базе знаний",
		"gap.closed":          "Пробел в базе знаний закрыт",
		"gap.reopened":        "Пробел в базе знаний открылся снова",
		"alarm.burst":         "Всплеск обращений",
		"alarm.new_topic":     "Новая тема обращений",
		"alarm.drift":         "Ответы изменились",
		"source.held":         "Источник остановлен и ждёт решения",
		"article.quarantined": "Статья ждёт проверки",
		"ticket.replied":      "На обращение ответили",

		"about gap.opened":          "Клиенты спрашивают о том, чего нет в базе знаний.",
		"about gap.closed":          "На вопросы, которые оставались без ответа, база знаний теперь отвечает.",
		"about gap.reopened":        "На вопросы, на которые база знаний отвечала, она больше не отвечает.",
		"about alarm.burst":         "Об этой теме пишут заметно чаще обычного.",
		"about alarm.new_topic":     "Несколько клиентов спрашивают о том, о чём раньше не спрашивали.",
		"about alarm.drift":         "За последние сутки ответы заметно отличаются от предыдущих недель.",
		"about source.held":         "Источник внезапно потерял много страниц. Подтвердите, что это не ошибка.",
		"about article.quarantined": "То, на что опирается статья, изменилось. Подтвердите, что она верна.",
		"about ticket.replied":      "Оператор ответил клиенту. Текст ответа — в обращении.",

		"workspace": "Рабочее пространство", "at": "Время", "topic": "Тема", "label": "Тема", "window": "Из последних вопросов",
		"count": "Обращений", "expected": "Ожидалось", "customers": "Клиентов", "tickets": "Обращения", "p": "Вероятность случайности",
		"cause": "Причина", "cost": "Цена", "first_at": "Впервые", "last_at": "В последний раз", "what": "Что изменилось",
		"before": "Было", "after": "Стало", "measured": "Измерено ответов", "language": "Язык", "new": "Раньше не встречалась", "since": "Начиная с", "effect": "Насколько",
		"footer": "Whetstone. Письмо отправлено автоматически: адресата и виды уведомлений меняет администратор.",
	}
}

func english() map[string]string {
	return map[string]string{
		"gap.opened":          "A gap in the knowledge base",
		"gap.closed":          "A gap in the knowledge base is closed",
		"gap.reopened":        "A gap in the knowledge base is open again",
		"alarm.burst":         "A burst of requests",
		"alarm.new_topic":     "A new topic of requests",
		"alarm.drift":         "Answers have changed",
		"source.held":         "A source is held and waits for a decision",
		"article.quarantined": "An article waits to be confirmed",
		"ticket.replied":      "A ticket was answered",

		"about gap.opened":          "Customers ask about what the knowledge base does not cover.",
		"about gap.closed":          "The questions that had no answer are answered from the knowledge base now.",
		"about gap.reopened":        "Questions that the knowledge base answered are not answered any more.",
		"about alarm.burst":         "Far more customers than usual write about this topic.",
		"about alarm.new_topic":     "Several customers ask about what nobody asked before.",
		"about alarm.drift":         "The answers of the last day differ from those of the weeks before.",
		"about source.held":         "A source has suddenly lost many of its pages. Confirm that this is no mistake.",
		"about article.quarantined": "What the article rests on has changed. Confirm that the article holds.",
		"about ticket.replied":      "An operator has answered the customer. The ticket has the text.",

		"workspace": "Workspace", "at": "Time", "topic": "Topic", "label": "Topic", "window": "Of the last questions",
		"count": "Requests", "expected": "Expected", "customers": "Customers", "tickets": "Tickets", "p": "Probability of chance",
		"cause": "Cause", "cost": "Cost", "first_at": "First", "last_at": "Last", "what": "What has changed",
		"before": "Before", "after": "After", "measured": "Answers measured", "language": "Language", "new": "Never seen before", "since": "Since", "effect": "By how much",
		"footer": "Whetstone. This message was sent automatically: an admin decides who gets which notices.",
	}
}
