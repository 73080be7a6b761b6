import { SaxesParser } from 'saxes';
import { refuse } from '../reading.js';

/** What a reader wants to know of an XML file, in document order. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void;
  close(name: string): void;
  text(text: string): void;
}

const CHUNK = 65_536;
const MAX_DEPTH = 64;

/**
 * Walks over an XML text. Entities are never processed: a document type, the only place where entities can be declared,
 * is refused, so neither files nor addresses are fetched and nothing can grow. Yields the done share.
 * @throws ProblemError `import.xml_doctype`, `import.xml_malformed` with line and column, `import.xml_deep`.
 */
export function* xmlEvents(xml: string, handler: XmlHandler): Generator<number, void, void> {
  const parser = new SaxesParser({ xmlns: false, position: true });
  let depth = 0;
  parser.on('doctype', () => {
    throw refuse(
      'xml_doctype',
      `Line ${parser.line}: the file declares a document type; such files are refused, because entities can read other files or fill the memory.`,
      'Save the file again from the program it comes from, or take the DOCTYPE out.',
    );
  });
  parser.on('error', (error) => {
    const what = error.message.replace(/^\d+:\d+:\s*/, '').replace(/\.$/, '');
    throw refuse(
      'xml_malformed',
      `Line ${parser.line}, column ${parser.column}: the XML is damaged (${what}).`,
      'The file may be cut short. Save it again from the program it comes from.',
    );
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > MAX_DEPTH) {
      throw refuse(
        'xml_deep',
        `Line ${parser.line}: elements are nested more than ${MAX_DEPTH} deep.`,
        'This is no annotation file.',
      );
    }
    handler.open(name, attributes, parser.line);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    handler.close(name);
  });
  parser.on('text', (text) => {
    handler.text(text);
  });
  parser.on('cdata', (text) => {
    handler.text(text);
  });
  for (let start = 0; start < xml.length; start += CHUNK) {
    parser.write(xml.slice(start, start + CHUNK));
    yield Math.min(1, (start + CHUNK) / xml.length);
  }
  parser.close();
}
