/**
 * The HTTP faces of the engine: a FHIR R4 facade, JSON actions for callers without FHIR, and HL7 v2
 * over HTTP.
 *
 * <p>Handlers turn a plain request into a plain answer and know neither Camel nor sockets; {@link
 * org.millrace.rest.HttpStep} is the one class that stands between them and a route. What is served
 * stands in two tables, from which the handlers, the CapabilityStatement and {@code /openapi.json}
 * are all made.
 */
@NullMarked
package org.millrace.rest;

import org.jspecify.annotations.NullMarked;
