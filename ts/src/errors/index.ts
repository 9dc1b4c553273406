export { codeOfNumber, numberOfCode } from "./codes.js";
export { misuse, ProtocolError, type ErrorDetails, type ErrorOrigin } from "./protocol-error.js";
