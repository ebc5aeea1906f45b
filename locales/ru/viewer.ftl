# Кнопки просмотра.
viewer-label = Вид модели
viewer-turn = Вращение
viewer-wireframe = Каркас
viewer-normals = Нормали
viewer-dark = Другой фон
viewer-full = На весь экран
viewer-shot = Сохранить изображение
viewer-light = Свет
viewer-size = Ширина × высота × глубина:
viewer-measure = Измерить
viewer-measure-how = Нажмите на две точки модели. С клавиатуры: поверните её, чтобы точка оказалась под крестом, и нажмите Enter.
viewer-distance = Расстояние:
