/** The mall's first page, with orders as they move. */
export { type LandingOptions, landing } from './landing.ts';
