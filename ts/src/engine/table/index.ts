export { TableLink } from "./table-link.js";
export type { TableService } from "./service.js";
export type { TableGroup, TablePut } from "./table-view.js";
