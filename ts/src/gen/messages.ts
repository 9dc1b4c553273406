// Generated from proto/motet/v1 by `npm run generate`. Do not edit.
// The Protobuf messages and their schemas. Loads the Protobuf runtime: only the codec imports this.
export * from "./motet/v1/mesh_pb.js";
export * from "./motet/v1/messaging_pb.js";
export * from "./motet/v1/ring_pb.js";
export * from "./motet/v1/session_pb.js";
export * from "./motet/v1/table_pb.js";
