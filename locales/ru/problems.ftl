# Что идёт не так: заголовок и в .detail причина и что делать. problem-CODE, где CODE — часть API.
-unusable = Эта картинка не подходит
problem-no_such_page = Здесь ничего нет
    .detail = Этот адрес никуда не ведёт: он неполный или с ошибкой.
problem-no_such_job = Такого задания нет
    .detail = Ссылка неполная или с ошибкой, или то, на что она вела, давно удалено.
problem-method_not_allowed = Здесь так нельзя
    .detail = По этому адресу принимаются запросы другого вида.
problem-foreign_form = Это пришло с другого сайта
    .detail = Запросы, которые что-то меняют, принимаются только со страниц этого сайта.
problem-our_fault = У нас что-то сломалось
    .detail = Виноваты мы, а не ваша картинка. Попробуйте ещё раз; если не поможет, сообщите тому, кто ведёт этот сервер, и назовите номер запроса.
problem-malformed_upload = Файл дошёл не целиком
    .detail = Картинка по пути оборвалась или испортилась. Ничего не сохранено; отправьте её ещё раз.
problem-no_picture = Картинки не было
    .detail = Отправьте одну картинку: в поле формы «picture» или в теле запроса.
problem-unknown_tier = Такого качества нет
    .detail = Качество (tier) — одно из: { $names }.
problem-unknown_engine = Такой нейросети нет
    .detail = Сеть (engine) — одна из: { $names }.
problem-unknown_format = Такого формата нет
    .detail = Формат — один из: { $names }.
problem-unknown_size = Такой размер не подходит
    .detail = Самая длинная сторона — число миллиметров от { $least } до { $most }.
problem-unknown_lifetime = Такой срок не подходит
    .detail = Срок — целое число минут от { $least } до { $most }. Ничто не хранится дольше часа.
problem-unknown_flag = Это не «да» и не «нет»
    .detail = Поля delete_after_download, keep_background и print принимают true или false.
problem-unknown_choice = Такое значение не подходит
    .detail = Поле { $field } — одно из: { $names }.
problem-out_of_range = Такое значение не подходит
    .detail = Поле { $field } — целое число от { $least } до { $most }.
problem-number_out_of_range = Такое значение не подходит
    .detail = Поле { $field } — число от { $least } до { $most }.
problem-no_text = Такое значение не подходит
    .detail = Поле { $field } — это текст.
problem-unwritten = Такое значение не подходит
    .detail = Поле { $field } пишется так: { $example }
problem-no_mask = Маски не было
    .detail = Отправьте в поле «mask» картинку того же размера: белую там, где что-то должно исчезнуть, и чёрную в остальном.
problem-mask_size = Маска не подходит к картинке
    .detail = В маске { $mask } пикселей, а в картинке { $picture }: рисуйте её на картинке в её размере.
problem-too_long_for_format = Этот формат не вместит картинку
    .detail = Пикселей по стороне больше, чем допускает этот формат: возьмите PNG.
problem-too_many = Слишком много изображений сразу
    .detail = В одном запросе не больше { $most } изображений. Ничего не сохранено; пришлите меньше.
problem-said_twice = Это сказано дважды
    .detail = Каждый параметр указывается один раз.
problem-side_in_batch = Стороны одного предмета сюда не присылают
    .detail = Поле { $field } — другая сторона одного предмета: пришлите её на /jobs вместе с остальными сторонами.
about-left = Левое изображение: { $detail }
about-back = Изображение сзади: { $detail }
about-right = Правое изображение: { $detail }
about-mask = Маска: { $detail }
about-background = Фон: { $detail }
problem-idempotency_key_unusable = Такой ключ идемпотентности не подходит
    .detail = Заголовок Idempotency-Key — одна строка длиной от 1 до { $most } символов ASCII.
problem-idempotency_key_reused = Этот ключ идемпотентности уже использован
    .detail = С тем же Idempotency-Key приходила другая картинка или другие настройки. Из этого запроса ничего не сохранено; выберите новый ключ.
problem-not_a_form = Это не удалось прочитать
    .detail = Отправьте форму (application/x-www-form-urlencoded) с полями tier, engine и keep_background или ничего.
problem-range_beyond_end = Такой части нет
    .detail = Файл заканчивается на байте { $bytes }; запросите часть до него.
problem-not_an_upload = Это не картинка
    .detail = Отправьте форму (multipart/form-data) с полем «picture» или саму картинку с её типом содержимого.
problem-too_large = Картинка слишком велика
    .detail = Принимается не больше { $megabytes } МБ. Сохраните картинку поменьше и попробуйте ещё раз.
problem-too_slow = Отправка заняла слишком много времени
    .detail = Соединение остановилось раньше, чем картинка дошла. Ничего не сохранено; отправьте её ещё раз.
problem-busy = Сейчас слишком много работы
    .detail = Своей очереди ждёт много картинок. Ничего не изменено и ничего нового не сохранено; попробуйте снова через { $seconds ->
        [one] { $seconds } секунду
        [few] { $seconds } секунды
       *[many] { $seconds } секунд
    }.
problem-busy_converting = Сейчас слишком много преобразований
    .detail = Преобразуется много моделей. Попробуйте снова через { $seconds ->
        [one] { $seconds } секунду
        [few] { $seconds } секунды
       *[many] { $seconds } секунд
    }.
problem-enough_waiting = Ваши картинки уже ждут
    .detail = { $limit ->
        [one] С одного адреса одновременно ждёт не больше { $limit } картинки.
        [few] С одного адреса одновременно ждёт не больше { $limit } картинок.
       *[many] С одного адреса одновременно ждёт не больше { $limit } картинок.
    } Ничего не изменено и ничего нового не сохранено; попробуйте снова через { $seconds ->
        [one] { $seconds } секунду
        [few] { $seconds } секунды
       *[many] { $seconds } секунд
    }.
problem-gone = Этого больше нет
    .detail = Картинка и модель уничтожены: потому что прошёл час или потому что их удалил кто-то, у кого была эта ссылка. Сначала исчезли ключи, поэтому вернуть их не может никто.
problem-not_ready = Ещё не готово
    .detail = Результат ещё создаётся, или его не удалось создать. Что именно, скажет страница задания.
problem-other_kind = Это задание делает другое
    .detail = Оно делает модель или другую картинку, а вы запросили не то. Страница задания ведёт к тому, что оно делает.
problem-not_retryable = Повторить нельзя
    .detail = Ошибки не было, или повтор не поможет, или попыток уже было достаточно; картинка не сохранена. Отправьте её ещё раз.
problem-not_a_picture = { -unusable }
    .detail = Это не картинка: отправьте файл PNG, JPEG, WebP, AVIF, GIF, BMP или TIFF.
problem-picture_unsupported = { -unusable }
    .detail = { $format ->
        [HEIC] Файлы HEIC здесь прочитать нельзя: сохраните или отправьте снимок как JPEG. На iPhone «Настройки» › «Камера» › «Форматы» › «Наиболее совместимый» переключает съёмку на JPEG.
       *[other] Файлы { $format } прочитать нельзя: сначала преобразуйте в JPEG или PNG.
    }
problem-picture_truncated = { -unusable }
    .detail = Файл { $format } обрезан: скопируйте, сохраните или загрузите его заново.
problem-picture_corrupt = { -unusable }
    .detail = Файл { $format } повреждён: откройте его в редакторе изображений и сохраните заново.
problem-picture_too_many_bytes = { -unusable }
    .detail = В файле { $megabytes } МБ, больше разрешённых { $limit } МБ: уменьшите картинку или сохраните её в JPEG.
problem-picture_too_long = { -unusable }
    .detail = В картинке { $width } × { $height } пикселей, больше { $limit } по стороне: уменьшите её.
problem-picture_too_many_pixels = { -unusable }
    .detail = В картинке { $width } × { $height } пикселей, больше { $limit } мегапикселей: уменьшите её.
problem-picture_too_small = { -unusable }
    .detail = В картинке всего { $width } × { $height } пикселей: отправьте не меньше { $limit } × { $limit }, лучше 512 × 512.
problem-picture_too_much_memory = { -unusable }
    .detail = Чтобы прочитать картинку, нужно больше { $limit } МБ памяти: уменьшите её или сохраните по 8 бит на канал.
problem-disk_full = Диск сервера заполнен
    .detail = Ничего не сохранено. Попробуйте позже или попросите того, кто ведёт этот сервер, освободить место.
problem-database_away = Список заданий недоступен
    .detail = Ничего не потеряно, и ничто не хранится дольше. Попробуйте снова через { $seconds ->
        [one] { $seconds } секунду
        [few] { $seconds } секунды
       *[many] { $seconds } секунд
    }.

# То, что вокруг них на странице.
request-number = Номер запроса:
page-back = Вернуться в начало
page-again = Начать с другой картинки
receipts = Квитанции
receipt = ключ уничтожен { $moment }: { $reason }
receipt-picture = Ваша картинка
receipt-model = Модель
receipt-preview = Её изображение
receipt-edited = Готовая картинка
receipt-expired = вышло время
receipt-asked = по вашей просьбе
receipt-downloaded = после скачивания
receipt-restart = сервер перезапущен
receipt-unused = больше не нужно
receipts-facts = Подписаны этим сервером. Сохраните их и его открытый ключ в течение 30 дней; и то и другое можно проверить без этого сервера.
receipts-save = Сохранить квитанции
receipts-key = Сохранить открытый ключ
