# Кнопки просмотра.
viewer-label = Как на неё смотреть
viewer-turn = Вращение
viewer-wireframe = Каркас
viewer-normals = Нормали
viewer-dark = Другой фон
viewer-full = На весь экран
viewer-shot = Сохранить изображение
viewer-light = Свет
viewer-size = Ширина × высота × глубина:
