/**
 * Pictures of documents that came from outside: a page of a PDF or of an image, as PNG. Whatever
 * decodes such a document runs in a process of its own, with little memory and little time. It
 * knows nothing of the other parts.
 */
@org.jspecify.annotations.NullMarked
package org.millrace.preview;
