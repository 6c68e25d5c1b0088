/** Phantom brands: they tell tsc apart what would otherwise look alike. Nothing here exists at run time. */

export declare const unsigned: unique symbol;
export declare const fieldsOf: unique symbol;
export declare const boolBrand: unique symbol;
export declare const enumOf: unique symbol;
export declare const formatOf: unique symbol;
export declare const transitionBrand: unique symbol;
export declare const handleOf: unique symbol;
export declare const signed: unique symbol;
export declare const varbitOf: unique symbol;
export declare const structOf: unique symbol;
export declare const newtypeOf: unique symbol;
export declare const addressOf: unique symbol;
export declare const operandOf: unique symbol;
export declare const argumentsOf: unique symbol;
export declare const refused: unique symbol;
