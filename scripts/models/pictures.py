"""Pictures for golden tests: faces drawn from ellipses, so that no person's picture is kept. The detector takes them for faces."""

import numpy as np

SKIN, HAIR, LIPS = (205, 160, 130), (60, 40, 30), (165, 70, 70)
# Colour, then centre and radii in head widths, right of and below the middle of the face; drawn in this order.
BEFORE_EYES = [(HAIR, 0, -0.18, 0.82, 1.0), ((170, 125, 100), 0, 1.1, 0.4, 0.5), (SKIN, 0, 0, 0.7, 0.95), ((225, 185, 155), 0, -0.45, 0.45, 0.3)]
EYE = [((180, 130, 105), 0.3, -0.16, 0.22, 0.16), ((70, 45, 35), 0.3, -0.36, 0.2, 0.045), ((245, 245, 245), 0.3, -0.14, 0.15, 0.08),
       ((70, 50, 40), 0.3, -0.14, 0.075, 0.08), ((10, 10, 10), 0.3, -0.14, 0.035, 0.04), ((215, 150, 125), 0.42, 0.25, 0.15, 0.12)]
AFTER_EYES = [((185, 135, 110), 0, 0.1, 0.07, 0.24), ((215, 170, 140), -0.02, 0.08, 0.04, 0.22), ((150, 100, 85), 0, 0.26, 0.14, 0.05),
              (LIPS, 0, 0.52, 0.26, 0.085), ((120, 40, 45), 0, 0.52, 0.24, 0.02), ((190, 145, 118), 0, 0.72, 0.2, 0.05)]
MIRRORED = [(colour, -x, *rest) for colour, x, *rest in EYE]


def draw_face(picture, centre, width, tilt=0.0):
    """Draws into float RGB [height, width, 3]; `centre` and half the head's `width` in pixels, `tilt` in radians, clockwise."""
    rows, columns = np.mgrid[0:picture.shape[0], 0:picture.shape[1]].astype(float)
    along = ((columns - centre[0]) * np.cos(tilt) + (rows - centre[1]) * np.sin(tilt)) / width
    down = ((rows - centre[1]) * np.cos(tilt) - (columns - centre[0]) * np.sin(tilt)) / width
    for colour, x, y, x_radius, y_radius in BEFORE_EYES + EYE + MIRRORED + AFTER_EYES:
        distance = np.hypot((along - x) / x_radius, (down - y) / y_radius)
        cover = np.clip((1 - distance) * min(x_radius, y_radius) * width + 0.5, 0, 1)[..., None]
        picture[:] = picture * (1 - cover) + np.array(colour) * cover


def picture_of(width, height, *faces):
    """uint8 RGB: faces, each (centre, width, tilt), before a wall that darkens upwards."""
    picture = np.full((height, width, 3), (110.0, 125.0, 140.0)) + np.linspace(-20, 20, height)[:, None, None]
    for face in faces:
        draw_face(picture, *face)
    return np.round(picture).astype(np.uint8)
