// Imported before any schema: the content security policy forbids compiling code at run time, and without this
// zod would try to, which shows as a violation in the browser's console.
import { config } from 'zod';

config({ jitless: true });
