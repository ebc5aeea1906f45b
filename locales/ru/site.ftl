# То, что есть на каждой странице.
skip-to-content = Перейти к содержанию
nav-label = Страницы
nav-menu = Меню
nav-make = Сделать модель
nav-features = Возможности
nav-faq = Вопросы
nav-status = Состояние
footer-label = Другие страницы
footer-story = Наша история
footer-privacy = Конфиденциальность
footer-terms = Условия
footer-cookies = Настройки cookie
footer-licences = Лицензии
footer-promise = Без учётной записи. Без вашего согласия — ни cookie, ни третьих лиц. Картинки и модели уничтожаются в течение часа.
footer-kept = Выполняются ли эти обещания?
language-label = Язык
moment = { $day }.{ $month }.{ $year }, { $time } UTC

# What visitors are asked, if their visits are to be counted.
consent-label = Статистика
consent-choice = Ваш выбор
consent-none = Этот сервер ничего не считает, поэтому принимать или отклонять нечего.
consent-question = Можно ли браузеру сообщать { $services }, какие общедоступные страницы вы открываете? Но не картинки, не модели и не ссылки на них. Ваш сетевой адрес там сохраняться не должен.
consent-undecided = Вы ещё не выбрали. До тех пор ничего не считается.
consent-accepted = Вы согласились. Посещения общедоступных страниц считаются.
consent-rejected = Вы отказались. Ничего не считается.
consent-signalled = Ваш браузер просит не следить за вами (Global Privacy Control). Это отказ: ничего не считается.
consent-accept = Принять
consent-reject = Отклонить

# Страница, на которую перетаскивают картинку.
home-title = Картинка становится 3D-моделью, а потом забывается
home-description = Перетащите картинку одного предмета и получите 3D-модель с текстурой. Картинка и модель уничтожаются в течение часа.
home-heading = Картинка становится 3D-моделью. А потом её забывают.
home-lead = Перетащите фотографию одного предмета. Вы получите модель с текстурой: вращайте её, печатайте, играйте. Через час здесь от неё ничего не останется.
home-yours = Только ваше.
home-yours-text = Картинка и модель зашифрованы собственными ключами. Открыть их можно только по ссылке, которую вы получите.
home-gone = Исчезнет в течение часа.
home-gone-text = Сначала уничтожаются ключи, затем файлы. Или раньше: одна кнопка удаляет всё сразу.
home-unused = Больше ни для чего.
home-unused-text = Ни обучения, ни галереи, ни слежки. Что вы сделали, то ваше.

# Форма.
drop-here = Перетащите сюда картинку
drop-or = или выберите её, вставьте, снимите телефоном
drop-formats = PNG, JPEG, WebP, AVIF, GIF, BMP или TIFF, до { $megabytes } МБ
drop-at-once = Отправляется сразу, как только вы её выберете, с настройками ниже.
drop-chosen = Выбранная картинка
drop-stop = Остановить
drop-make = Сделать модель
sample-take = Попробовать с этой картинкой
sample-lead = Нет картинки под рукой?
sample-alt = Деревянное ведро, фотография
quality = Качество
tier-base = Base
tier-pro = Pro
tier-ultra = Ultra
tier-gives = Текстура { $texture }K, { $faces } тыс. граней, { $beside }
tier-base-beside = быстро
tier-pro-beside = меньше света с самой фотографии, карты нормалей и шероховатости
tier-ultra-beside = всё, что есть в Pro, на самой мелкой сетке
engine-label = Нейросеть для формы
engine-auto = лучшая для этого качества
engine-builtin = встроенная
engine-triposr = TripoSR, если она есть на этом сервере
engine-inflate = никакой: надуть контур
lifetime-label = Хранить
lifetime-hour = час
lifetime-minutes = { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[many] { $minutes } минут
}
delete-after-download = Удалить всё после первого скачивания

# What few people set.
options-title = Параметры
options-lead = Что не тронуто, остаётся обычным.
by-quality = по качеству
faces-label = Грани (треугольники)
texture-label = Сторона текстуры, пиксели
size-label = Самая длинная сторона, мм
size-usual = { $size } для печати
seed-label = Зерно случайности
topology-label = Грани
topology-triangle = треугольники
topology-quad = четырёхугольники, для лепки
symmetry-label = Симметрия
symmetry-none = как видно
symmetry-auto = где она несомненна
symmetry-x = левое и правое одинаковы
ground-label = Стоит
ground-flat = плоско на земле
ground-lowest = на самой низкой точке
ground-centre = вокруг своей середины
print-label = Подготовить для 3D-принтера
