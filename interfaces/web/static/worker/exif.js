// Where a JPEG says that it was taken. Read here so that the place can be offered; the picture that is sent has none of it.

const [JPEG, APP1, START_OF_SCAN, EXIF] = [0xffd8, 0xffe1, 0xffda, 0x45786966];
const [GPS, LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE] = [0x8825, 1, 2, 3, 4];

/** `{longitude, latitude}` in degrees, or null where the bytes say nothing of it or nothing that makes sense. */
export function placeIn(buffer) {
  try {
    const view = new DataView(buffer);
    const tiff = exifStart(view);
    return tiff === null ? null : placeAt(view, tiff);
  } catch (error) {
    if (error instanceof RangeError) return null; // a file that points outside of itself
    throw error;
  }
}

function exifStart(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== JPEG) return null;
  for (let at = 2; at + 10 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === APP1 && view.getUint32(at + 4) === EXIF) return at + 10;
    if (marker === START_OF_SCAN || marker >> 8 !== 0xff) return null;
  }
  return null;
}

function placeAt(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const fields = (at) => {
    const count = view.getUint16(at, little);
    return new Map(Array.from({ length: count }, (_, nth) => [view.getUint16(at + 2 + 12 * nth, little), at + 2 + 12 * nth]));
  };
  const first = fields(tiff + view.getUint32(tiff + 4, little));
  if (!first.has(GPS)) return null;
  const gps = fields(tiff + view.getUint32(first.get(GPS) + 8, little));
  if (![LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE].every((tag) => gps.has(tag))) return null;
  const degrees = (tag, ref, negative) => {
    const at = tiff + view.getUint32(gps.get(tag) + 8, little);
    const part = (nth) => view.getUint32(at + 8 * nth, little) / view.getUint32(at + 8 * nth + 4, little);
    const size = part(0) + part(1) / 60 + part(2) / 3600;
    return String.fromCharCode(view.getUint8(gps.get(ref) + 8)) === negative ? -size : size;
  };
  const place = { longitude: degrees(LONGITUDE, LONGITUDE_REF, "W"), latitude: degrees(LATITUDE, LATITUDE_REF, "S") };
  const sound = Math.abs(place.longitude) <= 180 && Math.abs(place.latitude) <= 90 && (place.longitude || place.latitude);
  return sound ? place : null;
}
