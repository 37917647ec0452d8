import { createContext, useContext } from 'react';

/** Says something once, at the top of whatever screen comes next, and reads it out. */
export const NoticeContext = createContext<(text: string) => void>(() => {});
export const useNotice = () => useContext(NoticeContext);
