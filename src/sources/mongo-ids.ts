import { ObjectId } from 'mongodb';

/**
 * The values an id may have in a document, given its text form: the text itself, the ObjectId it spells, the whole
 * number it spells. Each is a plain value, so nothing in a message can become a query operator.
 */
export function idForms(text: string): (string | ObjectId | number)[] {
  const forms: (string | ObjectId | number)[] = [text];
  if (/^[0-9a-f]{24}$/.test(text)) forms.push(ObjectId.createFromHexString(text));
  if (/^(0|-?[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text))) forms.push(Number(text));
  return forms;
}
